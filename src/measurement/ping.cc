#include "src/measurement/ping.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "src/measurement/words.h"

namespace callflow::measurement {
namespace {

constexpr std::int64_t kSequences = 65'536;       // ICMP's number has 16 bits (RFC 792)
constexpr std::int64_t kMostPackets = 5'000'000;  // more than ten a second for two days

// What stands behind a word of a line.
std::optional<std::string_view> after(std::string_view line, std::string_view word) {
  const auto at = line.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  return line.substr(at + word.size());
}

bool has(std::string_view line, std::string_view word) {
  return line.find(word) != std::string_view::npos;
}

bool isWindows(std::string_view line) {
  return line.starts_with("Reply from ") || line.starts_with("Request timed out") ||
         line.starts_with("PING: transmit failed");
}

// The time at the beginning of a line of `ping -D`, which is cut off.
std::optional<Duration> takeStamp(std::string_view& line) {
  if (!line.starts_with('[')) return std::nullopt;
  const auto end = line.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const auto stamp = decimal(line.substr(1, end - 1), Duration::s(1));
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

Fault damaged(int line, std::string_view text, std::string_view form) {
  return {line, quoted(text) + " is no whole line of ping's",
          "write it as " + std::string(form) + ", or leave it out"};
}

Fault tooLong(int line) {
  return {line, "has a round trip of more than 20 s, and a trace has at most 10 s one way",
          "leave the line out, and the packet counts as lost"};
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
    if (known_.empty()) return interval_ * number;
    const auto next = known_.lower_bound(number);
    if (next == known_.begin()) return next->second - interval_ * (next->first - number);
    const auto before = std::prev(next);
    if (next == known_.end()) return before->second + interval_ * (number - before->first);
    const Duration span = next->second - before->second;
    return before->second + span * (number - before->first) / (next->first - before->first);
  }

 private:
  std::map<std::int64_t, Duration> known_;
  Duration interval_;
};

Result<Probes> readLinux(const std::vector<std::string_view>& lines, Duration interval) {
  constexpr std::string_view kForm = "\"64 bytes from 192.0.2.1: icmp_seq=3 ttl=57 time=12.3 ms\"";
  Sequences sequences;
  bool begun = false;
  std::optional<std::int64_t> transmitted;
  std::optional<Duration> before;  // the time of the last line that has one
  bool replied = false;
  int number = 0;
  for (std::string_view line : lines) {
    ++number;
    const auto stamp = takeStamp(line);
    begun |= line.starts_with("PING ");
    if (has(line, " packets transmitted")) transmitted = wholeNumber(line);
    const bool reply = has(line, " bytes from ");
    if (!reply && !has(line, "icmp_seq")) continue;
    const auto sequence = sequenceOf(line);
    if (!sequence) return damaged(number, line, kForm);
    if (stamp && before && *stamp < *before - Duration::s(1))
      return Fault{number,
                   "is earlier than the line before: the clock was set, or texts were joined",
                   "import each on its own"};
    if (stamp) before = stamp;
    if (!reply) {
      sequences.add(*sequence, {});
      continue;
    }
    const auto roundTrip = roundTripOf(line);
    if (!roundTrip) return damaged(number, line, kForm);
    if (*roundTrip > kLongestRoundTrip) return tooLong(number);
    if (replied && stamp.has_value() != before.has_value())
      return Fault{number, "has no time in brackets, and lines before have",
                   "import texts with and without ping -D each on its own"};
    replied = true;
    // The line is printed when the reply comes.
    sequences.add(*sequence, {stamp ? std::optional(*stamp - *roundTrip) : stamp, roundTrip});
  }
  if (sequences.empty())
    return Fault{0, "has no line of a packet",
                 "write what ping printed, such as " + std::string(kForm)};
  // iputils counts from 1, others from 0; a text that was cut begins where it begins.
  const std::int64_t first =
      begun ? std::min<std::int64_t>(sequences.first(), 1) : sequences.first();
  std::int64_t last = sequences.last();
  if (begun && transmitted)
    last = std::max(last, first + std::min(*transmitted, 2 * kMostPackets) - 1);
  if (last - first >= kMostPackets)
    return Fault{0, "has sequence numbers of more than 5000000 packets", "cut it in pieces"};
  const SendTimes sentAt(sequences, interval);
  Probes probes;
  for (std::int64_t one = first; one <= last; ++one) {
    const auto reply = sequences.replies().find(one);
    probes.list.push_back(
        {sentAt(one), reply == sequences.replies().end() ? std::nullopt : reply->second.roundTrip});
  }
  if (!before) probes.notes.push_back("packets were sent " + toText(interval) + " apart");
  return probes;
}

Result<Probes> readWindows(const std::vector<std::string_view>& lines, Duration interval) {
  Probes probes;
  int number = 0;
  for (const std::string_view line : lines) {
    ++number;
    if (!isWindows(line)) continue;
    const Duration sent = interval * static_cast<std::int64_t>(probes.list.size());
    // "Reply from 192.0.2.9: Destination host unreachable." is no reply of who was asked.
    const bool reply = line.starts_with("Reply from ") && has(line, "time");
    const auto roundTrip = reply ? roundTripOf(line) : std::nullopt;
    if (reply && !roundTrip)
      return damaged(number, line, "\"Reply from 192.0.2.1: bytes=32 time=12ms TTL=57\"");
    if (roundTrip && *roundTrip > kLongestRoundTrip) return tooLong(number);
    probes.list.push_back({sent, roundTrip});
  }
  // After a packet without a reply Windows waits longer, by its option -w, which the text lacks.
  probes.notes.push_back("packets were sent " + toText(interval) + " apart, lost ones too");
  return probes;
}

}  // namespace

bool isPing(std::string_view text) {
  for (std::string_view line : split(text, '\n')) {
    takeStamp(line);
    if (isWindows(line) || line.starts_with("PING ") || line.starts_with("Pinging ") ||
        has(line, " bytes from "))
      return true;
  }
  return false;
}

Result<Probes> readPing(std::string_view text, Duration interval) {
  const std::vector<std::string_view> lines = split(text, '\n');
  const bool windows = std::any_of(lines.begin(), lines.end(), isWindows);
  return windows ? readWindows(lines, interval) : readLinux(lines, interval);
}

}  // namespace callflow::measurement
