// How other traffic is written in YAML.
#include "models/transport/keys.h"
#include "models/traffic/parameters.h"
#include "src/config/table.h"

namespace callflow::traffic {
namespace {

template <class T>
config::Table<T> withRate(config::Table<T> table) {
  return std::move(table)
      .add("rate", &T::rate,
           {.def = "1 Mbit/s",
            .min = "1 kbit/s",
            .help = "Of its packets, IP headers included, while it sends.",
            .source = "ours"})
      .add("packet-size", &T::packetSize,
           {.def = "1228 B",
            .min = "28 B",
            .max = "1500 B",
            .help = "Each of its IP packets.",
            .source = "ours: 1200 B of payload, as video and QUIC send, in UDP and IP"});
}

}  // namespace

const config::Table<Constant>& tableOf(const Constant*) {
  static const config::Table<Constant> kTable =
      withRate(config::Table<Constant>("constant", "UDP packets of one size at a constant rate."));
  return kTable;
}

const config::Table<OnOff>& tableOf(const OnOff*) {
  static const config::Table<OnOff> kTable =
      withRate(config::Table<OnOff>(
                   "on-off", "UDP packets at a constant rate, with pauses of random length."))
          .add("on", &OnOff::on,
               {.def = "500 ms",
                .min = "1 ms",
                .max = "1 h",
                .help = "Mean time for which it sends (exponential).",
                .source = "ours"})
          .add("off", &OnOff::off,
               {.def = "500 ms",
                .min = "1 ms",
                .max = "1 h",
                .help = "Mean length of its pauses (exponential).",
                .source = "ours"});
  return kTable;
}

const config::Table<Transfer>& tableOf(const Transfer*) {
  static const config::Table<Transfer> kTable =
      config::Table<Transfer>("transfer",
                              "A TCP connection that sends as fast as TCP lets it: an upload, or "
                              "file after file with pauses, as the web does.")
          .add("size", &Transfer::size,
               {.min = "1 B",
                .help = "How much it sends; with a pause, the mean size of its files "
                        "(exponential). none written: without end.",
                .source = "ours: a long transfer"})
          .add("pause", &Transfer::pause,
               {.min = "1 ms",
                .max = "1 h",
                .help = "Mean pause between one file and the next (exponential), on the same "
                        "connection.",
                .source = "ours: none, one transfer"})
          .add("congestion-control", &Transfer::congestion,
               {.def = "cubic",
                .help = "How much may be on its way: cubic (RFC 9438), reno (RFC 5681) or bbr.",
                .source = "Linux: net.ipv4.tcp_congestion_control"})
          .add("send-buffer", &Transfer::sendBuffer,
               {.def = "auto",
                .min = "2 KiB",
                .max = "64 MiB",
                .help = "Bytes that its sender's socket takes before they are acknowledged; auto "
                        "grows with the congestion window.",
                .source = "Linux: without SO_SNDBUF, net.ipv4.tcp_wmem",
                .absent = "auto"})
          .add("receive-buffer", &Transfer::receiveBuffer,
               {.def = "auto",
                .min = "2 KiB",
                .max = "64 MiB",
                .help = "The largest window that its receiver offers; auto grows with what it "
                        "receives.",
                .source = "Linux: without SO_RCVBUF, net.ipv4.tcp_rmem",
                .absent = "auto"})
          .check([](Transfer& mine, const config::Context& context) {
            if (mine.pause && !mine.size)
              context.keyError("pause", "follows a transfer that never ends",
                               "write the size of a file too, such as size: 2 MB");
          });
  return kTable;
}

}  // namespace callflow::traffic
