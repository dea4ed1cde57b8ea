#include "models/shaper/keys.h"
#include "models/wifi/parameters.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<wifi::Band> {
  using E = wifi::Band;
  static constexpr std::pair<E, const char*> kValues[] = {{E::ghz2, "2.4 GHz"}, {E::ghz5, "5 GHz"}};
};

template <>
struct EnumNames<wifi::Standard> {
  using E = wifi::Standard;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::b, "b"}, {E::g, "g"}, {E::a, "a"}, {E::n, "n"}, {E::ac, "ac"}, {E::ax, "ax"}};
};

template <>
struct EnumNames<wifi::AccessCategory> {
  using E = wifi::AccessCategory;
  static constexpr std::pair<E, const char*> kValues[] = {{E::background, "background"},
                                                          {E::bestEffort, "best-effort"},
                                                          {E::video, "video"},
                                                          {E::voice, "voice"}};
};

template <>
struct EnumNames<wifi::DscpMap> {
  using E = wifi::DscpMap;
  static constexpr std::pair<E, const char*> kValues[] = {{E::rfc8325, "rfc8325"},
                                                          {E::precedence, "precedence"}};
};

}  // namespace callflow::config

namespace callflow::wifi {
namespace {

void check(Wifi& mine, const config::Context& context) {
  if (mine.standard && !isIn(*mine.standard, mine.band))
    context.keyError("standard", "is not of the band",
                     mine.band == Band::ghz2 ? "write b, g, n or ax, or band: 5 GHz"
                                             : "write a, n, ac or ax, or band: 2.4 GHz");
  // The resolved file writes the defaults, which say nothing.
  if (!mine.wmm && mine.dscpMap != DscpMap::rfc8325)
    context.keyError("dscp-map", "has no effect beside wmm: false", "write only one of them");
}

}  // namespace

const config::Table<Stations>& tableOf(const Stations*) {
  static const config::Table<Stations> kTable =
      config::Table<Stations>(
          "stations",
          "Computers on the channel that are in no call: colleagues, guests, neighbours. Each has "
          "a rate of packets at random (Poisson).")
          .add("count", &Stations::count,
               {.def = "1", .min = "1", .max = "500", .help = "How many.", .source = "ours: one"})
          .add("rate", &Stations::rate,
               {.min = "1 Mbit/s",
                .max = "10 Gbit/s",
                .help = "That frames to and from them are sent at; a slow one takes the air from "
                        "all.",
                .source = "ours: the network's"})
          .add("up", &Stations::up,
               {.def = "50 kbit/s",
                .help = "What each sends, of IP packets; unlimited: it always has something.",
                .source = "ours: an office at work"})
          .add("down", &Stations::down,
               {.def = "500 kbit/s",
                .max = "10 Gbit/s",
                .help = "What each gets through the access point.",
                .source = "ours: an office at work"})
          .add("packet", &Stations::packet,
               {.def = "1500 B",
                .min = "40 B",
                .max = "2304 B",
                .help = "Size of their packets.",
                .source = "Ethernet"})
          .add("category", &Stations::category,
               {.def = "best-effort",
                .help = "Their access category.",
                .source = "ours: unmarked traffic"});
  return kTable;
}

const config::Table<Wifi>& tableOf(const Wifi*) {
  static const config::Table<Wifi> kTable =
      config::Table<Wifi>(
          "wifi",
          "A Wi-Fi network: an access point and all who share its channel. Delay, jitter and loss "
          "follow from who sends how much. A site's participants are in it by wifi: NAME.")
          .add("band", &Wifi::band,
               {.def = "5 GHz", .help = "Its band.", .source = "ours: what offices plan for"})
          .add("standard", &Wifi::standard,
               {.help = "The amendment of IEEE 802.11 that it sends by.",
                .source = "ours: n at 2.4 GHz, ac at 5 GHz"})
          .add("rate", &Wifi::rate,
               {.min = "1 Mbit/s",
                .max = "10 Gbit/s",
                .help = "That data frames are sent at (the PHY rate).",
                .source = "one stream some metres away: b 11, g and a 54, n 65, ac 390, ax 480.4 "
                          "Mbit/s"})
          .add("frame-loss", &Wifi::frameLoss,
               {.def = "5%",
                .max = "99%",
                .help = "Share of transmissions that are lost, for distance or interference, "
                        "beside collisions. They are repeated, up to six times.",
                .source = "ours: 5 to 30 % are usual"})
          .add("wmm", &Wifi::wmm,
               {.def = "true",
                .help = "Access categories: voice and video contend for the air before others.",
                .source = "part of what 802.11n and later are certified for"})
          .add("dscp-map", &Wifi::dscpMap,
               {.def = "rfc8325",
                .help = "How DSCP leads to a category: rfc8325, EF to voice; precedence, the upper "
                        "three bits as older drivers take them: EF to video, AF21 to background.",
                .source = "Linux since 2024: RFC 8325 section 4.3"})
          .add("encrypted", &Wifi::encrypted,
               {.def = "true",
                .help = "WPA2 or WPA3: 16 bytes more a packet (CCMP); false: an open network.",
                .source = "ours: every office and home"})
          .add("aggregation", &Wifi::aggregation,
               {.def = "true",
                .help = "Many packets to one receiver in one frame, but of voice (n and later).",
                .source = "IEEE 802.11-2020 10.12: A-MPDU"})
          .add("discipline", &Wifi::discipline,
               {.def = "fq-codel",
                .help = "How packets to one receiver of one category wait; receivers have turns.",
                .source = "Linux mac80211: FQ-CoDel with a target of 20 ms"})
          .add("queue", &Wifi::queue,
               {.min = "1500 B",
                .max = "1 GB",
                .help = "How much of them may wait.",
                .source = "as the discipline is shipped; of fifo 15 kB"})
          .add("stations", &Wifi::stations,
               {.help = "Who else is on the channel.", .source = "ours: nobody"})
          .check(check);
  return kTable;
}

}  // namespace callflow::wifi
