#include "src/config/table.h"
#include "tests/kinds/delayer/parameters.h"

namespace callflow::delayer {

const config::Table<Delayer>& tableOf(const Delayer*) {
  static const config::Table<Delayer> kTable =
      config::Table<Delayer>("delayer", "Holds each packet for a while.")
          .add("time", &Delayer::time,
               {.def = "3 ms",
                .max = "1 s",
                .help = "From a packet's arrival to its departure.",
                .source = "ours: a number that no other delay of the test has"});
  return kTable;
}

}  // namespace callflow::delayer
