// Links: rate, delay, jitter, loss and queue.
#include "models/fabric/keys.h"

#include "models/fabric/overhead.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "models/fabric/trace.h"
#include "src/units/quoted.h"

namespace callflow::fabric {

const config::Table<Reordering>& tableOf(const Reordering*) {
  static const config::Table<Reordering> kTable =
      config::Table<Reordering>("reorder", "Packets that overtake those before them.")
          .add(
              "allowed", &Reordering::allowed,
              {.def = "false",
               .help = "Whether a packet that happens to be faster may overtake the one before it.",
               .source = "ours: the queues of one path keep order"})
          .add("share", &Reordering::share,
               {.def = "0%",
                .max = "99%",
                .help = "Share of the packets that overtake: they are spared the delay of `by`.",
                .source = "ours: none unless asked for"})
          .add("by", &Reordering::by,
               {.def = "0 ms",
                .max = "10 s",
                .help = "By how much they are faster: the delay that all others have more.",
                .source = "ours: none unless asked for"})
          .shorthand("allowed")
          .check([](Reordering& reorder, const config::Context& context) {
            if (reorder.share > Ratio{} && reorder.by <= Duration{})
              context.keyError("share", "overtakes by nothing", "write by: 40 ms or the like");
            if (reorder.by > Duration{} && reorder.share <= Ratio{})
              context.keyError("by", "is for no packets", "write share: 5% or the like");
            if (reorder.share > Ratio{} && context.has("allowed") && !reorder.allowed)
              context.keyError("allowed", "is false beside a share that overtakes",
                               "write only one of them");
          });
  return kTable;
}

const config::Table<JitterParameters>& tableOf(const JitterParameters*) {
  static const config::Table<JitterParameters> kTable =
      config::Table<JitterParameters>("jitter", "Extra delay that differs from packet to packet.")
          .add("mean", &JitterParameters::mean,
               {.def = "0 ms",
                .max = "10 s",
                .help = "Mean of the extra delay, which is never negative.",
                .source = "ours: none unless asked for"})
          .add("distribution", &JitterParameters::distribution,
               {.def = "exponential",
                .help = "Shape of the extra delay: exponential has the longest tail, uniform ends "
                        "at twice "
                        "the mean, half-normal lies between.",
                .source =
                    "ours: the waiting time behind cross traffic is nearly exponential (M/M/1)"})
          .add("reorder", &JitterParameters::reorder,
               {.help =
                    "Whether packets overtake each other: true, false, or {share: 5%, by: 40 ms}.",
                .source = "ours: the queues of one path keep order"})
          .shorthand("mean");
  return kTable;
}

const config::Table<LossParameters>& tableOf(const LossParameters*) {
  static const config::Table<LossParameters> kTable =
      config::Table<LossParameters>("loss",
                                    "Packets that a link loses besides those that its queue drops.")
          .add("mean", &LossParameters::mean,
               {.def = "0%",
                .help = "Share of packets lost in the long run.",
                .source = "ours: none unless asked for"})
          .add("burst", &LossParameters::burst,
               {.min = "0.1 ms or 1 packet",
                .max = "1 h or 1000000 packets",
                .help =
                    "Mean length of a loss burst (Gilbert-Elliott): a time if bursts pass with the "
                    "clock, as real ones do, or a number of packets.",
                .source = "ours: absent, each packet is lost independently of the others"})
          .add("drop", &LossParameters::drop,
               {.min = "1",
                .help = "Lose exactly these packets once, counted from 1 as they first cross: over "
                        "UDP those of media, over TCP all that carry new bytes, those of "
                        "handshakes, STUN and RTCP too.",
                .source = "ours: for experiments on single packets"})
          .shorthand("mean")
          .check([](LossParameters& loss, const config::Context& context) {
            if (loss.burst && loss.mean >= Ratio::percent(100))
              context.keyError("burst", "has no good time between bursts when all packets are lost",
                               "write a mean below 100%, or no burst");
          });
  return kTable;
}

namespace {

std::optional<OverheadText> overheadOf(const LinkParameters& link) {
  return OverheadText{link.overhead};
}

// Reads the recording that the direction follows.
void readTrace(LinkParameters& link, const config::Context& context) {
  if (!link.trace || link.trace->trace) return;
  TraceFile& file = *link.trace;
  namespace fs = std::filesystem;
  const bool known = file.pos.file != nullptr && *file.pos.file != "-";
  const fs::path folder = known ? fs::path(*file.pos.file).parent_path() : fs::path();
  const std::string name = (folder / file.path).lexically_normal().string();
  const auto fault = [&](std::string problem, std::string advice) {
    context.diagnostics().error(file.pos, context.path() + ".trace", std::move(problem),
                                std::move(advice));
  };
  std::error_code unreadable;
  if (!fs::is_regular_file(name, unreadable)) {
    fault("there is no file " + quoted(name),
          "write a path that starts at the folder of this file");
    return;
  }
  constexpr std::uintmax_t kLargest = 64 << 20;
  if (fs::file_size(name, unreadable) > kLargest) {
    fault(quoted(name) + " is larger than 64 MiB", "write a shorter trace");
    return;
  }
  std::ifstream in(name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  ParsedTrace parsed = parseTrace(text.view());
  if (!parsed.trace) {
    fault(quoted(name) + ", line " + std::to_string(parsed.line) + ": " + parsed.problem,
          "write a CSV with time_s and rate_kbps, delay_ms or loss_percent, or mahimahi's format");
    return;
  }
  file.trace = std::move(parsed.trace);
}

// A size leaves cells and mpu as they are.
void setOverhead(LinkParameters& link, const OverheadText& text) {
  if (text.isWord) {
    link.overhead = text.overhead;
  } else {
    link.overhead.header = text.overhead.header;
  }
}

}  // namespace

const config::Table<LinkParameters>& tableOf(const LinkParameters*) {
  static const config::Table<LinkParameters> kTable =
      config::Table<LinkParameters>("link-direction", "One direction of a link.")
          .add("rate", &LinkParameters::rate,
               {.def = "unlimited",
                .min = "1 bit/s",
                .help = "Bits that the link carries per second; unlimited serializes in no time.",
                .source = "ours"})
          .add("delay", &LinkParameters::delay,
               {.def = "0 ms",
                .max = "10 s",
                .help = "Propagation delay, one way.",
                .source = "ours"})
          .add("jitter", &LinkParameters::jitter,
               {.help = "Extra delay that differs from packet to packet.",
                .source = "ours: none unless asked for"})
          .add("loss", &LinkParameters::loss,
               {.help = "Packets that are lost on the way.",
                .source = "ours: none unless asked for"})
          .property<OverheadText>(
              "overhead", &overheadOf, &setOverhead,
              {.def = "0 B",
               .help = "What the link layer adds to each packet: a size from 0 B "
                       "to 256 B, or a word of cake's, which gives cells and "
                       "mpu too.",
               .source = "ours: rates are of IP packets unless asked for; the "
                         "words: tc-cake(8)"})
          .property<Cells>(
              "cells",
              [](const LinkParameters& link) { return std::optional{link.overhead.cells}; },
              [](LinkParameters& link, Cells cells) { link.overhead.cells = cells; },
              {.help = "How frames are cut on the line: atm (cells of 53 bytes that carry 48), ptm "
                       "(a byte more for each 64 or part of them), none.",
               .source = "ours: none, or what the word of overhead says"})
          .property<DataSize>(
              "mpu", [](const LinkParameters& link) { return std::optional{link.overhead.mpu}; },
              [](LinkParameters& link, DataSize mpu) { link.overhead.mpu = mpu; },
              {.min = "0 B",
               .max = "256 B",
               .help = "Smallest size of a packet with its overhead, before it is cut into cells.",
               .source = "ours: 0 B, or what the word of overhead says"})
          .add("queue", &LinkParameters::queue,
               {.def = "auto",
                .min = "1 us or 1 B",
                .max = "1 min or 1 GB",
                .help = "Longest queue in front of the link, as a size or as the time it drains in "
                        "at the link's rate; what does not fit is dropped. auto: 50 ms, but on a "
                        "slow link (below 2.4 Mbit/s) 15 kB, ten full packets.",
                .source = "ours: 50 ms are about one round trip within a continent, the rule of "
                          "thumb of RFC 3439 section 3.1; ten packets are what TCP sends at once "
                          "when it begins (RFC 6928), and a queue that cannot hold them starves it",
                .absent = "auto"})
          .add("mtu", &LinkParameters::mtu,
               {.def = "1500 B",
                .min = "68 B",
                .max = "65535 B",
                .help = "Largest IP packet that crosses it in one piece. Larger ones are cut: each "
                        "fragment is lost by itself, and the packet with it. TCP's segments are "
                        "never cut: they are dropped.",
                .source = "Ethernet; least: RFC 791"})
          .add("dscp", &LinkParameters::dscp,
               {.def = "keep",
                .help = "What it makes of the marks of packets: wipe sets them to 0.",
                .source = "ours: a line passes what it gets"})
          .add("path-mtu-discovery", &LinkParameters::pathMtuDiscovery,
               {.def = "true",
                .help = "Whether TCP learns of its mtu (RFC 1191) and sends smaller segments. "
                        "false: a firewall drops the message, and with it all full segments vanish "
                        "here.",
                .source = "ours: RFC 2923 has what is wrong where it is not so"})
          .add(
              "trace", &LinkParameters::trace,
              {.help = "A recording that this direction follows, beginning anew at its end: CSV of "
                       "time_s and rate_kbps, delay_ms or loss_percent, or mahimahi's format; a "
                       "path from the folder of this file, or the CSV itself. What it says takes "
                       "the place of rate, "
                       "delay and loss.",
               .source = "ours: none"})
          .check(readTrace);
  return kTable;
}

}  // namespace callflow::fabric

namespace callflow::config {
namespace {

bool isBareNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

const ScalarInfo& Scalar<fabric::TraceFile>::info() {
  static const ScalarInfo kInfo{.name = "path", .example = "traces/tram.csv", .pattern = "^.+$"};
  return kInfo;
}

Parsed<fabric::TraceFile> Scalar<fabric::TraceFile>::parse(std::string_view text) {
  if (text.empty()) return {std::nullopt, "is an empty path; write for example traces/tram.csv"};
  if (!fabric::isTraceText(text)) return {fabric::TraceFile{std::string(text)}, {}};
  fabric::ParsedTrace parsed = fabric::parseTrace(text);
  if (!parsed.trace)
    return {std::nullopt, "in line " + std::to_string(parsed.line) + " " + parsed.problem};
  fabric::TraceFile written;
  written.trace = std::move(parsed.trace);
  return {std::move(written), {}};
}

// The recording itself, so that a resolved file needs no other and tells all that is simulated.
std::string Scalar<fabric::TraceFile>::print(const fabric::TraceFile& value) {
  return value.trace ? fabric::traceText(*value.trace) : value.path;
}

const ScalarInfo& Scalar<fabric::OverheadText>::info() {
  static const ScalarInfo kInfo = [] {
    std::string words;
    for (const fabric::OverheadWord& word : fabric::kOverheadWords)
      words += (words.empty() ? "" : "|") + std::string(word.name);
    return ScalarInfo{.name = "size or word",
                      .example = "18 B",
                      .pattern = "^(" + words + "|[0-9]+(\\.[0-9]+)? ?(B|kB|KiB))$"};
  }();
  return kInfo;
}

Parsed<fabric::OverheadText> Scalar<fabric::OverheadText>::parse(std::string_view text) {
  constexpr DataSize kLargest = DataSize::bytes(256);  // as cake's
  std::vector<std::string> words;
  for (const fabric::OverheadWord& word : fabric::kOverheadWords) {
    if (word.name == text) return {fabric::OverheadText{word.overhead, true}, {}};
    words.emplace_back(word.name);
  }
  if (const auto size = parseDataSize(text); size.value) {
    if (*size.value <= kLargest) return {fabric::OverheadText{{*size.value, {}, {}}, false}, {}};
    return {std::nullopt, quoted(text) + " is out of range; write 0 B to 256 B"};
  }
  if (isBareNumber(text)) {
    return {std::nullopt, quoted(text) + " has no unit; write \"" + std::string(text) + " B\""};
  }
  return {std::nullopt, notOneOf(text, words) + ", or a size such as \"18 B\""};
}

std::string Scalar<fabric::OverheadText>::print(const fabric::OverheadText& value) {
  return toText(value.overhead.header);
}

const ScalarInfo& Scalar<fabric::PacketCount>::info() {
  static const ScalarInfo kInfo{
      .name = "number of packets", .example = "3 packets", .pattern = "^[1-9][0-9]* ?packets?$"};
  return kInfo;
}

Parsed<fabric::PacketCount> Scalar<fabric::PacketCount>::parse(std::string_view text) {
  std::string_view number = text;
  for (const std::string_view unit : {" packets", "packets", " packet", "packet"}) {
    if (!number.ends_with(unit)) continue;
    number.remove_suffix(unit.size());
    const auto count = parseInteger(number, 1, 1'000'000);
    if (!count.value)
      return {std::nullopt, quoted(text) +
                                " is not a number of packets from 1 to 1000000; write for example "
                                "\"3 packets\""};
    return {fabric::PacketCount{*count.value}, {}};
  }
  return {std::nullopt,
          quoted(text) + " is not a number of packets; write for example \"3 packets\""};
}

std::string Scalar<fabric::PacketCount>::print(const fabric::PacketCount& value) {
  return std::to_string(value.count) + (value.count == 1 ? " packet" : " packets");
}

const ScalarInfo& Scalar<fabric::BurstLength>::info() {
  static const ScalarInfo& kInfo =
      makeVariantInfo({&Scalar<Duration>::info(), &Scalar<fabric::PacketCount>::info()});
  return kInfo;
}

// Which of the two is meant is clear from the unit, so that only one problem is told.
Parsed<fabric::BurstLength> Scalar<fabric::BurstLength>::parse(std::string_view text) {
  Parsed<fabric::BurstLength> out;
  if (text.find("packet") != std::string_view::npos) {
    const auto count = Scalar<fabric::PacketCount>::parse(text);
    if (count.value) out.value = *count.value;
    out.problem = count.problem;
    return out;
  }
  const auto time = parseDuration(text);
  if (time.value) {
    out.value = *time.value;
  } else if (isBareNumber(text)) {
    out.problem = quoted(text) + " has no unit; write \"" + std::string(text) + " ms\" or \"" +
                  std::string(text) + " packets\"";
  } else {
    out.problem = quoted(text) +
                  " is neither a time nor a number of packets; write for example \"60 ms\" or "
                  "\"3 packets\"";
  }
  return out;
}

std::string Scalar<fabric::BurstLength>::print(const fabric::BurstLength& value) {
  if (const auto* time = std::get_if<Duration>(&value)) return toText(*time);
  return Scalar<fabric::PacketCount>::print(std::get<fabric::PacketCount>(value));
}

const ScalarInfo& Scalar<fabric::QueueLimit>::info() {
  static const ScalarInfo& kInfo =
      makeVariantInfo({&Scalar<Duration>::info(), &Scalar<DataSize>::info()});
  return kInfo;
}

Parsed<fabric::QueueLimit> Scalar<fabric::QueueLimit>::parse(std::string_view text) {
  Parsed<fabric::QueueLimit> out;
  const auto time = parseDuration(text);
  const auto size = parseDataSize(text);
  if (time.value) {
    out.value = *time.value;
  } else if (size.value) {
    out.value = *size.value;
  } else if (isBareNumber(text)) {
    out.problem = quoted(text) + " has no unit; write \"" + std::string(text) + " ms\" or \"" +
                  std::string(text) + " kB\"";
  } else {
    out.problem =
        quoted(text) + " is neither a time nor a size; write for example \"50 ms\" or \"64 kB\"";
  }
  return out;
}

std::string Scalar<fabric::QueueLimit>::print(const fabric::QueueLimit& value) {
  if (const auto* time = std::get_if<Duration>(&value)) return toText(*time);
  return toText(std::get<DataSize>(value));
}

}  // namespace callflow::config
