#include "models/fabric/keys.h"
#include "models/shaper/keys.h"
#include "models/shaper/parameters.h"
#include "models/wire/keys.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<shaper::Excess> {
  using E = shaper::Excess;
  static constexpr std::pair<E, const char*> kValues[] = {{E::queue, "queue"}, {E::drop, "drop"}};
};

}  // namespace callflow::config

namespace callflow::shaper {

const config::Table<TrafficClass>& tableOf(const TrafficClass*) {
  static const config::Table<TrafficClass> kTable =
      config::Table<TrafficClass>(
          "class",
          "Traffic that a shaper treats alike. A packet belongs to the first class that it "
          "matches; what matches none belongs to the last.")
          .add("dscp", &TrafficClass::dscp,
               {.help = "One of these marks, such as ef or [af41, af42]; none written: any.",
                .source = "ours"})
          .add("protocol", &TrafficClass::protocol,
               {.def = "any", .help = "Packets of this protocol.", .source = "ours"})
          .add("ports", &TrafficClass::ports,
               {.help = "Source or destination port is one of these, such as 3478-3481; none "
                        "written: any.",
                .source = "ours"})
          .add("strict", &TrafficClass::strict,
               {.def = "false",
                .help = "Its packets go before those of every class that is not strict and of the "
                        "strict ones below it.",
                .source = "ours: classes share by weight"})
          .add("share", &TrafficClass::share,
               {.def = "100%",
                .min = "0.1%",
                .help = "Its weight among the classes that are not strict: what the others leave "
                        "is shared in these proportions.",
                .source = "ours: equal shares"})
          .add("ceiling", &TrafficClass::ceiling,
               {.def = "100%",
                .min = "0.1%",
                .max = "100%",
                .help = "The most that it gets of the shaper's rate, also when nobody else sends.",
                .source = "ours: none; Cisco advises a third of the rate for strict classes"})
          .add("mark", &TrafficClass::mark,
               {.help = "Its packets leave with this DSCP.", .source = "ours: as they came"})
          .check([](TrafficClass& mine, const config::Context& context) {
            // The resolved file writes the default, which says nothing.
            if (mine.strict && context.has("share") && mine.share != Ratio::percent(100))
              context.keyError("share", "has no effect beside strict: true",
                               "write a ceiling for what it may take, or leave out strict");
          });
  return kTable;
}

const config::Table<Shaping>& tableOf(const Shaping*) {
  static const config::Table<Shaping> kTable =
      config::Table<Shaping>("shaper-direction", "What a shaper does in one direction.")
          .add("rate", &Shaping::rate,
               {.def = "unlimited",
                .min = "1 kbit/s",
                .help = "What it lets through.",
                .source = "ours: it only sorts and marks"})
          .add("burst", &Shaping::burst,
               {.def = "3000 B",
                .min = "1 us or 1500 B",
                .max = "10 s or 100 MB",
                .help = "How much may pass at once after a rest: the depth of its token bucket, as "
                        "a size or as what the rate lets through in a time (at least 1500 B).",
                .source = "ours: two full packets. Cisco's `police` takes 1.5 s of the rate, "
                          "`shape average` 25 ms of it; tc-tbf(8) rate / HZ"})
          .add("excess", &Shaping::excess,
               {.def = "queue",
                .help = "What becomes of packets that the rate has no room for: queue makes a "
                        "shaper, drop a policer.",
                .source = "ours: as its name says"})
          .add("discipline", &Shaping::discipline,
               {.def = "fifo",
                .help = "How packets wait: fifo, first in, first out, and full is full; codel (RFC "
                        "8289); fq-codel, a queue for each flow (RFC 8290); pie (RFC 8033).",
                .source = "ours: what plain routers do"})
          .add("queue", &Shaping::queue,
               {.def = "auto",
                .min = "1 us or 1 B",
                .max = "1 min or 1 GB",
                .help = "How much each class may hold, as a size or as the time that it drains in "
                        "at the shaper's rate. auto: of fifo as of a link; of codel and pie 1000 "
                        "packets, of fq-codel 10240.",
                .source = "tc-codel(8), tc-pie(8), tc-fq_codel(8)",
                .absent = "auto"})
          .add("target", &Shaping::target,
               {.min = "0.1 ms",
                .max = "10 s",
                .help = "The wait that codel, fq-codel and pie aim at.",
                .source = "codel and fq-codel 5 ms (RFC 8289), pie 15 ms (RFC 8033)"})
          .add("classes", &Shaping::classes,
               {.help = "Classes that share the rate, each with a queue of its own.",
                .source = "ours: none, all traffic is one class"})
          .check([](Shaping& mine, const config::Context& context) {
            if (mine.rate.isUnlimited() && mine.queue)
              context.keyError("queue", "has no effect at an unlimited rate",
                               "write a rate, or leave it out");
            if (mine.rate.isUnlimited() && mine.discipline != Discipline::fifo)
              context.keyError("discipline", "has no effect at an unlimited rate",
                               "write a rate, or leave it out");
            if (mine.target && mine.discipline == Discipline::fifo)
              context.keyError("target", "has no effect with discipline: fifo",
                               "write discipline: codel, fq-codel or pie, or leave it out");
          });
  return kTable;
}

const config::Table<Shaper>& tableOf(const Shaper*) {
  static const config::Table<Shaper> kTable =
      config::Table<Shaper>("shaper",
                            "A packet shaper: holds traffic to a rate, and decides who goes first.")
          .presets("preset", shaperPresets(),
                   {.help = "A device's way of shaping by name; what is written beside it, such as "
                            "the rate, wins.",
                    .source = "ours: none"})
          .bothWays("up", &Shaper::up, "down", &Shaper::down,
                    {.help = "Only this direction: up from inside to outside, down from outside to "
                             "inside.",
                     .source = "as written for both"});
  return kTable;
}

}  // namespace callflow::shaper
