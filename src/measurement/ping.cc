#include "src/measurement/ping.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/measurement/words.h"

namespace callflow::measurement {
namespace {

constexpr std::int64_t kSequences = 65'536;                  // ICMP's number has 16 bits (RFC 792)
constexpr Duration kLastStamp = Duration::s(4'000'000'000);  // in 2096
constexpr std::int64_t kMostPackets = 5'000'000;             // more than ten a second for two days

// What stands behind a word of a line.
std::optional<std::string_view> after(std::string_view line, std::string_view word) {
  const auto at = line.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  return line.substr(at + word.size());
}

bool has(std::string_view line, std::string_view word) {
  return line.find(word) != std::string_view::npos;
}

// A packet of Windows: its answer, somebody else's, or none.
bool isWindows(std::string_view line) {
  return line.starts_with("Reply from ") || line.starts_with("Request timed out") ||
         line.starts_with("PING: transmit failed") || line.starts_with("General failure");
}

// The first line of a ping.
bool isBeginning(std::string_view line) {
  return line.starts_with("PING ") || line.starts_with("PING6(") || line.starts_with("Pinging ");
}

// The time at the beginning of a line of `ping -D`, which is cut off.
std::optional<Duration> takeStamp(std::string_view& line) {
  if (!line.starts_with('[')) return std::nullopt;
  const auto end = line.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const auto stamp = decimal(line.substr(1, end - 1), Duration::s(1));
  if (stamp > kLastStamp) return std::nullopt;
  if (stamp) line = stripped(line.substr(end + 1));
  return stamp;
}

// "time=12.3 ms", "time=12ms", "time<1ms"
std::optional<Duration> roundTripOf(std::string_view line) {
  if (const auto text = after(line, "time=")) {
    const std::string_view number = leadingNumber(*text);
    const std::string_view unit = stripped(text->substr(number.size()));
    if (!unit.starts_with("ms")) return std::nullopt;
    return decimal(number, Duration::ms(1));
  }
  // Windows counts whole milliseconds, and of less says only that: half of one is off by no more.
  if (after(line, "time<1ms") || after(line, "time<1 ms")) return Duration::us(500);
  return std::nullopt;
}

// Where in its line something is that is wrong.
struct Place {
  int line = 0;
  int column = 0;
};

Fault damaged(Place place, std::string_view line, std::string_view form) {
  return {place.line, quoted(line) + " is no whole line of ping's",
          "write it as " + std::string(form) + ", or leave it out", place.column};
}

Fault tooLong(Place place) {
  return {place.line, "has a round trip of more than 20 s, and a trace has at most 10 s one way",
          "leave the line out, and the packet counts as lost", place.column};
}

Fault secondPing(Place place) {
  return {place.line, "begins another ping", "import each on its own", place.column};
}

// "icmp_seq=3", "seq=3" (busybox), "icmp_seq 3" (macOS)
std::optional<std::int64_t> sequenceOf(std::string_view line) {
  for (const std::string_view word : {"seq=", "icmp_seq "}) {
    const auto text = after(line, word);
    if (!text) continue;
    const auto number = wholeNumber(*text);
    return number && *number < kSequences ? number : std::nullopt;
  }
  return std::nullopt;
}

// The packets of Linux by their sequence numbers, which begin anew after 65535.
class Sequences {
 public:
  struct Reply {
    std::optional<Duration> sent;  // if lines have times
    std::optional<Duration> roundTrip;
  };

  // The number near the one before that ends in these 16 bits.
  std::int64_t unfolded(std::int64_t sequence) {
    if (last_) {
      sequence += *last_ / kSequences * kSequences;
      if (sequence - *last_ > kSequences / 2) sequence -= kSequences;
      if (*last_ - sequence > kSequences / 2) sequence += kSequences;
    }
    last_ = sequence;
    return sequence;
  }

  // The first reply counts, not its copies; a line that says that none has come yet does not.
  void add(std::int64_t sequence, const Reply& reply) {
    Reply& known = replies_[unfolded(sequence)];
    if (!known.roundTrip) known = reply;
  }

  bool empty() const { return replies_.empty(); }
  std::int64_t first() const { return replies_.begin()->first; }
  std::int64_t last() const { return replies_.rbegin()->first; }
  const std::map<std::int64_t, Reply>& replies() const { return replies_; }

 private:
  std::map<std::int64_t, Reply> replies_;
  std::optional<std::int64_t> last_;
};

// When each packet was sent: at the times that are known, and evenly between them.
class SendTimes {
 public:
  SendTimes(const Sequences& sequences, Duration interval) : interval_(interval) {
    for (const auto& [number, reply] : sequences.replies()) {
      if (reply.sent && reply.roundTrip) known_.emplace(number, *reply.sent);
    }
    if (known_.size() < 2) return;
    const std::int64_t gaps = known_.rbegin()->first - known_.begin()->first;
    interval_ = (known_.rbegin()->second - known_.begin()->second) / gaps;
  }

  Duration operator()(std::int64_t number) const {
    if (known_.empty()) return times(interval_, number);
    const auto next = known_.lower_bound(number);
    if (next == known_.begin()) return next->second - times(interval_, next->first - number);
    const auto before = std::prev(next);
    if (next == known_.end()) return before->second + times(interval_, number - before->first);
    const Duration span = next->second - before->second;
    return before->second + times(span, number - before->first) / (next->first - before->first);
  }

 private:
  std::map<std::int64_t, Duration> known_;
  Duration interval_;
};

// A text of iputils, busybox or macOS, taken in line by line.
class UnixText {
 public:
  void take(std::string_view line, Place place) {
    const auto stamp = takeStamp(line);
    if (isBeginning(line)) {
      if (begun_) faults_.push_back(secondPing(place));
      begun_ = true;
    } else if (has(line, " packets transmitted")) {
      takeSummary(line);
    } else if (has(line, " bytes from ") || has(line, "icmp_seq")) {
      takePacket(line, stamp, place);
    }
  }

  Result<Probes> probes(Duration interval) const {
    if (!faults_.empty()) return faults_;
    if (sequences_.empty())
      return Faults{{0, "has no line of a packet", "write what ping printed, such as " + kForm}};
    // iputils counts from 1, others from 0; a text that was cut begins where it begins.
    const std::int64_t first =
        begun_ ? std::min<std::int64_t>(sequences_.first(), 1) : sequences_.first();
    std::int64_t last = sequences_.last();
    if (begun_ && transmitted_)
      last = std::max(last, first + std::min(*transmitted_, 2 * kMostPackets) - 1);
    if (last - first >= kMostPackets)
      return Faults{{0, "has sequence numbers of more than 5000000 packets", "cut it in pieces"}};
    if (took_ && *transmitted_ > 1) interval = *took_ / (*transmitted_ - 1);
    const SendTimes sentAt(sequences_, interval);
    Probes probes;
    for (std::int64_t one = first; one <= last; ++one) {
      const auto reply = sequences_.replies().find(one);
      probes.list.push_back({sentAt(one), reply == sequences_.replies().end()
                                              ? std::nullopt
                                              : reply->second.roundTrip});
    }
    if (!stamp_) probes.notes.push_back("packets were taken as " + toText(interval) + " apart");
    return probes;
  }

 private:
  static inline const std::string kForm =
      "\"64 bytes from 192.0.2.1: icmp_seq=3 ttl=57 time=12.3 ms\"";

  // "5 packets transmitted, 4 received, 20% packet loss, time 4006ms"
  void takeSummary(std::string_view line) {
    transmitted_ = wholeNumber(line);
    const auto time = after(line, ", time ");
    if (transmitted_ && time) took_ = decimal(leadingNumber(*time), Duration::ms(1));
  }

  void takePacket(std::string_view line, std::optional<Duration> stamp, Place place) {
    const bool reply = has(line, " bytes from ");
    // A router's complaint, as macOS prints it, does not say of which packet.
    if (reply && !has(line, "seq") && !has(line, "time=")) return;
    // Taken for a complaint it would be a loss.
    if (!reply && has(line, "ttl="))
      return faults_.push_back({place.line, "is of a ping in another language than English",
                                "run it as LC_ALL=C ping", place.column});
    const auto sequence = sequenceOf(line);
    const auto roundTrip = reply ? roundTripOf(line) : std::nullopt;
    if (!sequence || (reply && !roundTrip)) return faults_.push_back(damaged(place, line, kForm));
    if (roundTrip > kLongestRoundTrip) return faults_.push_back(tooLong(place));
    if (stamp && stamp_ && *stamp < *stamp_ - Duration::s(1))
      faults_.push_back({place.line,
                         "is earlier than the line before: the clock was set, or texts were joined",
                         "import each on its own", place.column});
    if (stamp) stamp_ = stamp;
    if (reply && !stamped_) stamped_ = stamp.has_value();
    if (reply && *stamped_ != stamp.has_value())
      faults_.push_back({place.line,
                         *stamped_ ? "has no time in brackets, and lines before have"
                                   : "has a time in brackets, and lines before have none",
                         "import texts with and without ping -D each on its own", place.column});
    // A line is printed when the reply comes.
    if (reply)
      sequences_.add(*sequence, {stamp ? std::optional(*stamp - *roundTrip) : stamp, roundTrip});
    else
      sequences_.add(*sequence, {});
  }

  Sequences sequences_;
  Faults faults_;
  bool begun_ = false;
  std::optional<std::int64_t> transmitted_;
  std::optional<Duration> took_;   // from the first packet to the last
  std::optional<Duration> stamp_;  // of the last line that has one
  std::optional<bool> stamped_;    // whether replies have times
};

Result<Probes> readUnix(std::string_view text, Duration interval) {
  UnixText read;
  int number = 0;
  for (const std::string_view line : split(text, '\n'))
    read.take(line, {++number, columnIn(text, line)});
  return read.probes(interval);
}

Result<Probes> readWindows(std::string_view text, Duration interval) {
  Probes probes;
  Faults faults;
  Place place;
  bool begun = false;
  for (const std::string_view line : split(text, '\n')) {
    place = {place.line + 1, columnIn(text, line)};
    if (isBeginning(line) && std::exchange(begun, true)) faults.push_back(secondPing(place));
    if (!isWindows(line)) continue;
    const Duration sent = times(interval, static_cast<std::int64_t>(probes.list.size()));
    // "Reply from 192.0.2.9: Destination host unreachable." is no reply of who was asked.
    const bool reply = line.starts_with("Reply from ") && has(line, "time");
    const auto roundTrip = reply ? roundTripOf(line) : std::nullopt;
    if (reply && !roundTrip)
      faults.push_back(damaged(place, line, "\"Reply from 192.0.2.1: bytes=32 time=12ms TTL=57\""));
    if (roundTrip > kLongestRoundTrip) faults.push_back(tooLong(place));
    probes.list.push_back({sent, roundTrip});
  }
  if (!faults.empty()) return faults;
  // After a packet without a reply Windows waits longer, by its option -w, which the text lacks.
  probes.notes.push_back("packets were taken as " + toText(interval) + " apart, lost ones too");
  return probes;
}

}  // namespace

bool isPing(std::string_view text) {
  for (std::string_view line : split(text, '\n')) {
    takeStamp(line);
    if (isWindows(line) || isBeginning(line) || has(line, " bytes from ")) return true;
  }
  return false;
}

Result<Probes> readPing(std::string_view text, Duration interval) {
  const std::vector<std::string_view> lines = split(text, '\n');
  const bool windows = std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    return isWindows(line) || line.starts_with("Pinging ");
  });
  return windows ? readWindows(text, interval) : readUnix(text, interval);
}

}  // namespace callflow::measurement
