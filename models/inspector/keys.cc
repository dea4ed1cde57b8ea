#include "models/fabric/keys.h"
#include "models/inspector/parameters.h"
#include "src/config/table.h"

namespace callflow::inspector {

const config::Table<Inspection>& tableOf(const Inspection*) {
  static const config::Table<Inspection> kTable =
      config::Table<Inspection>("inspection", "What an inspector does to packets of one direction.")
          .add("delay", &Inspection::delay,
               {.def = "0.1 ms",
                .max = "10 s",
                .help = "How long it looks at each packet.",
                .source = "ours: 0.1 to 5 ms are usual"})
          .add("jitter", &Inspection::jitter,
               {.help = "What it takes longer, which differs from packet to packet; with reorder, "
                        "packets overtake each other in it.",
                .source = "ours: none"});
  return kTable;
}

const config::Table<Inspector>& tableOf(const Inspector*) {
  static const config::Table<Inspector> kTable =
      config::Table<Inspector>(
          "inspector",
          "A packet inspector (IDS, IPS, DPI): looks at what passes, and takes its time. What it "
          "refuses are rules of a firewall, what it treats worse classes of a shaper.")
          .bothWays("up", &Inspector::up, "down", &Inspector::down,
                    {.help = "Only this direction: up from inside to outside, down from outside to "
                             "inside.",
                     .source = "as written for both"});
  return kTable;
}

}  // namespace callflow::inspector
