// Shapers and policers by device: what they do when only a rate is given to them.
#include "models/shaper/keys.h"

namespace callflow::shaper {

const std::vector<config::Preset>& shaperPresets() {
  static const std::vector<config::Preset> kAll = {
      {.name = "cisco-police",
       .help = "Cisco's police: drops what is above the rate, after a burst of 1.5 s of it.",
       .values = "{excess: drop, burst: 1.5 s}",
       .source = "Cisco ISG and CAR: normal burst 1.5 x rate"},
      {.name = "cisco-shape",
       .help = "Cisco's shape average: 25 ms of the rate at once, 64 packets of queue.",
       .values = "{excess: queue, burst: 25 ms, queue: 96 kB}",
       .source = "Cisco: Bc = CIR x 25 ms from 320 kbit/s on; class queues of 64 packets"},
      {.name = "linux-tbf",
       .help = "Linux' tbf as its manual sets it up: 5 kB at once, 70 ms of queue.",
       .values = "{excess: queue, burst: 5 kB, queue: 70 ms}",
       .source = "tc-tbf(8), example"},
      {.name = "fq-codel",
       .help = "A home router with smart queue management and FQ-CoDel.",
       .values = "{excess: queue, burst: 1 ms, discipline: fq-codel}",
       .source = "sqm-scripts simple.qos: burst of 1 ms, fq_codel"},
      {.name = "cake-diffserv3",
       .help = "CAKE as it comes: voice apart from all else, which AF41 belongs to.",
       .values = "{excess: queue, burst: 1500 B, discipline: fq-codel, classes: [{dscp: [cs1, le], "
                 "share: "
                 "6.25%}, {dscp: [ef, va, cs6, cs7], share: 25%}, {share: 100%}]}",
       .source = "tc-cake(8), sch_cake.c: shares of the tins; between tins by weight only"},
      {.name = "cake-diffserv4",
       .help = "CAKE with a tin for video, too.",
       .values = "{excess: queue, burst: 1500 B, discipline: fq-codel, classes: [{dscp: [cs1, le], "
                 "share: "
                 "6.25%}, {dscp: [af41, af42, af43, af31, af32, af33, cs3, af21, af22, af23, cs2], "
                 "share: 50%}, {dscp: [ef, va, cs4, cs5, cs6, cs7], share: 25%}, {share: 100%}]}",
       .source = "tc-cake(8), sch_cake.c: shares of the tins; between tins by weight only"},
      {.name = "llq",
       .help = "Low-latency queueing: ef first, up to a third of the rate.",
       .values = "{excess: queue, burst: 25 ms, classes: [{dscp: ef, strict: true, ceiling: 33%}, "
                 "{share: 100%}]}",
       .source = "Cisco: LLQ; not more than 33 % for strict classes",
       .aliases = {"cisco-llq"}},
  };
  return kAll;
}

}  // namespace callflow::shaper
