// Links: rate, delay, jitter, loss and queue.
#include "src/topology/topology_table.h"

namespace callflow::topology {

const config::Table<Jitter>& tableOf(const Jitter*) {
  static const config::Table<Jitter> kTable =
      config::Table<Jitter>("jitter", "Extra delay that differs from packet to packet.")
          .add("mean", &Jitter::mean,
               {.def = "0 ms",
                .max = "10 s",
                .help = "Mean of the extra delay, which is never negative.",
                .source = "ours: none unless asked for"})
          .add("distribution", &Jitter::distribution,
               {.def = "exponential",
                .help = "Shape of the extra delay: exponential has the longest tail, uniform ends "
                        "at twice "
                        "the mean, half-normal lies between.",
                .source =
                    "ours: the waiting time behind cross traffic is nearly exponential (M/M/1)"})
          .add("reorder", &Jitter::reorder,
               {.def = "false",
                .help = "Whether a packet may overtake the one before it.",
                .source = "ours: the queues of one path keep order"})
          .shorthand("mean");
  return kTable;
}

const config::Table<Loss>& tableOf(const Loss*) {
  static const config::Table<Loss> kTable =
      config::Table<Loss>("loss", "Packets that a link loses besides those that its queue drops.")
          .add("mean", &Loss::mean,
               {.def = "0%",
                .help = "Share of packets lost in the long run.",
                .source = "ours: none unless asked for"})
          .add("burst", &Loss::burst,
               {.help =
                    "Mean length of a loss burst (Gilbert-Elliott): a time if bursts pass with the "
                    "clock, as real ones do, or a number of packets.",
                .source = "ours: absent, each packet is lost independently of the others"})
          .add(
              "drop", &Loss::drop,
              {.min = "1",
               .help = "Lose exactly these media packets once, counted from 1 as they first cross.",
               .source = "ours: for experiments on single packets"})
          .shorthand("mean")
          .check([](Loss& loss, const config::Context& context) {
            if (loss.burst && loss.mean >= Ratio::percent(100))
              context.keyError("burst", "has no good time between bursts when all packets are lost",
                               "write a mean below 100%, or no burst");
          });
  return kTable;
}

const config::Table<LinkDirection>& tableOf(const LinkDirection*) {
  static const config::Table<LinkDirection> kTable =
      config::Table<LinkDirection>("link-direction", "One direction of a link.")
          .add("rate", &LinkDirection::rate,
               {.def = "unlimited",
                .min = "1 bit/s",
                .help = "Bits that the link carries per second; unlimited serializes in no time.",
                .source = "ours"})
          .add("delay", &LinkDirection::delay,
               {.def = "0 ms",
                .max = "10 s",
                .help = "Propagation delay, one way.",
                .source = "ours"})
          .add("jitter", &LinkDirection::jitter,
               {.help = "Extra delay that differs from packet to packet.",
                .source = "ours: none unless asked for"})
          .add("loss", &LinkDirection::loss,
               {.help = "Packets that are lost on the way.",
                .source = "ours: none unless asked for"})
          .add("queue", &LinkDirection::queue,
               {.def = "50 ms",
                .min = "1 us or 1 B",
                .max = "1 min or 1 GB",
                .help = "Longest queue in front of the link, as a size or as the time it drains in "
                        "at the "
                        "link's rate; what does not fit is dropped.",
                .source =
                    "ours: about one round trip within a continent (RFC 3439 section 3.1 tells the "
                    "rule of thumb)"});
  return kTable;
}

const config::Table<Link>& tableOf(const Link*) {
  static const config::Table<Link> kTable =
      config::Table<Link>(
          "link",
          "A link of two directions; what is written beside `up` and `down` holds for both.")
          .bothWays(
              "up", &Link::up, "down", &Link::down,
              {.help = "Only this direction: up leads away from the participant, down towards "
                       "it.",
               .source = "as written for both"});
  return kTable;
}

}  // namespace callflow::topology
