// A link of two directions; what a direction is, models/fabric says.
#include "src/topology/topology_table.h"

namespace callflow::topology {

const config::Table<Link>& tableOf(const Link*) {
  static const config::Table<Link> kTable =
      config::Table<Link>(
          "link",
          "A link of two directions; what is written beside `up` and `down` holds for both.")
          .presets("preset", fabric::linkPresets(),
                   {.help = "A line or a condition by name, for both directions; what is written "
                            "beside it wins.",
                    .source = "ours: none"})
          .bothWays(
              "up", &Link::up, "down", &Link::down,
              {.help = "Only this direction: up leads away from the participant, down towards "
                       "it.",
               .source = "as written for both"});
  return kTable;
}

}  // namespace callflow::topology
