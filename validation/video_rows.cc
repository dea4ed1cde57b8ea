#include "validation/video_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "validation/csv.h"

namespace callflow::validation {
namespace {

constexpr std::int64_t kMostRate = 10'000'000;  // kbit/s

double bounded(const CsvFile& file, std::size_t row, const char* column, double low, double high,
               double otherwise) {
  const double value = file.number(row, column);
  if (std::isnan(value)) return otherwise;
  if (value < low || value > high) {
    throw InputError(file.place(row) + ": " + column + " is not between " +
                     std::to_string(static_cast<long>(low)) + " and " +
                     std::to_string(static_cast<long>(high)));
  }
  return value;
}

Duration milliseconds(double value) {
  return Duration::fromSeconds(value / 1e3);
}

DataRate kilobits(double value) {
  return DataRate::bitsPerSecond(static_cast<std::int64_t>(std::llround(value * 1e3)));
}

// "step_2000_600_2000": the second figure, of three of which the last is the first.
std::optional<DataRate> stepOf(const CsvFile& file, std::size_t row) {
  const std::string& id = file.text(row, "id");
  constexpr std::string_view prefix = "step_";
  if (!id.starts_with(prefix)) return std::nullopt;
  std::int64_t rates[3] = {};
  const char* at = id.data() + prefix.size();
  const char* const end = id.data() + id.size();
  for (std::int64_t& rate : rates) {
    const auto [stop, fault] = std::from_chars(at, end, rate);
    if (fault != std::errc{} || rate < 1 || rate > kMostRate) at = nullptr;
    if (at == nullptr) break;
    at = stop != end && *stop == '_' ? stop + 1 : stop;
  }
  if (at == nullptr || rates[2] != rates[0]) {
    throw InputError(file.place(row) + ": id \"" + id +
                     "\" is not step_A_B_A, rates in kbit/s from the start, 35 s and 65 s on");
  }
  return kilobits(static_cast<double>(rates[1]));
}

VideoCondition conditionOf(const CsvFile& file, std::size_t row) {
  VideoCondition condition;
  condition.id = file.text(row, "id");
  const std::string& relay = file.text(row, "relay");
  if (relay != "udp" && relay != "tcp")
    throw InputError(file.place(row) + ": relay is neither udp nor tcp");
  condition.tcp = relay == "tcp";
  condition.oneWayDelay = milliseconds(bounded(file, row, "owd_ms", 0, 10'000, 0));
  condition.loss = Ratio::fromDouble(bounded(file, row, "loss_pct", 0, 100, 0) / 100);
  condition.jitter = milliseconds(bounded(file, row, "jitter_ms", 0, 10'000, 0));
  const double rate = bounded(file, row, "rate_kbps", 1, kMostRate, 0);
  if (rate > 0) condition.rate = kilobits(rate);
  condition.meanwhile = stepOf(file, row);
  if (condition.meanwhile && !condition.rate)
    throw InputError(file.place(row) + ": a step has no rate_kbps");
  condition.queue = milliseconds(bounded(file, row, "queue_ms", 1, 60'000, 100));
  const std::string& other = file.text(row, "other");
  if (other == "tcp cubic uplink") {
    condition.other = VideoCondition::Other::uplink;
  } else if (other == "tcp cubic downlink") {
    condition.other = VideoCondition::Other::downlink;
  } else if (!other.empty()) {
    throw InputError(file.place(row) +
                     ": other is neither \"tcp cubic uplink\" nor \"tcp cubic downlink\"");
  }
  return condition;
}

bool isUplink(const CsvFile& file, std::size_t row) {
  const std::string& direction = file.text(row, "dir");
  if (direction != "uplink" && direction != "downlink")
    throw InputError(file.place(row) + ": dir is neither uplink nor downlink");
  return direction == "uplink";
}

VideoPhase phaseOf(const CsvFile& file, std::size_t row) {
  VideoPhase phase;
  phase.name = file.text(row, "phase");
  phase.from = static_cast<int>(bounded(file, row, "from_s", 0, kMostVideoSeconds, 0));
  phase.to = static_cast<int>(bounded(file, row, "to_s", 1, kMostVideoSeconds, 0));
  if (phase.to <= phase.from) throw InputError(file.place(row) + ": to_s is not after from_s");
  return phase;
}

}  // namespace

std::string describeVideo(const VideoCondition& condition) {
  std::string text = fmt::format("{}, {:g} ms", condition.tcp ? "TCP" : "UDP",
                                 condition.oneWayDelay.milliseconds());
  const auto kilobits = [](DataRate rate) { return static_cast<double>(rate.count()) / 1e3; };
  if (condition.isLossy()) text += fmt::format(", {:g} % loss", condition.loss.percentValue());
  if (condition.jitter > Duration{})
    text += fmt::format(", jitter {:g} ms", condition.jitter.milliseconds());
  if (condition.rate) {
    text += fmt::format(", {:g}", kilobits(*condition.rate));
    if (condition.meanwhile)
      text += fmt::format(" to {:g} to {:g}", kilobits(*condition.meanwhile),
                          kilobits(*condition.rate));
    text += fmt::format(" kbit/s, queue {:g} ms", condition.queue.milliseconds());
  }
  if (condition.other == VideoCondition::Other::uplink) text += ", TCP beside it up";
  if (condition.other == VideoCondition::Other::downlink) text += ", TCP beside it down";
  return text;
}

MeasuredVideo readVideo(const std::string& path) {
  const CsvFile file(path);
  MeasuredVideo result;
  for (std::size_t i = 0; i < file.rows(); ++i) {
    VideoCondition condition = conditionOf(file, i);
    auto known = std::find_if(result.conditions.begin(), result.conditions.end(),
                              [&](const VideoCondition& each) { return each.id == condition.id; });
    if (known == result.conditions.end())
      known = result.conditions.insert(result.conditions.end(), condition);
    condition.length = known->length;
    if (*known != condition) {
      throw InputError(file.place(i) + ": " + condition.id +
                       " has another line or relay than in a row before");
    }
    MeasuredPhase& measured = result.phases.emplace_back();
    measured.condition = static_cast<std::size_t>(known - result.conditions.begin());
    measured.uplink = isUplink(file, i);
    measured.phase = phaseOf(file, i);
    known->length = std::max(known->length, Duration::s(measured.phase.to));
    VideoValues& values = measured.values;
    values[VideoQuantity::received] = file.number(i, "recv_kbps");
    values[VideoQuantity::available] = file.number(i, "avail_kbps");
    values[VideoQuantity::roundTrip] = file.number(i, "rtt_ms");
    values[VideoQuantity::frameRate] = file.number(i, "fps");
    values[VideoQuantity::height] = file.number(i, "height");
    values[VideoQuantity::reach80] = file.number(i, "reach80_s");
    values[VideoQuantity::freezes] = file.number(i, "freezes");
    values[VideoQuantity::target] = file.number(i, "target_kbps");
    if (condition.rate) {
      values[VideoQuantity::otherShare] =
          file.number(i, "other_kbps") * 1e3 / static_cast<double>(condition.rate->count()) * 100;
    }
  }
  return result;
}

void readVideoSeries(const std::string& path, MeasuredVideo& into) {
  const CsvFile file(path);
  for (std::size_t i = 0; i < file.rows(); ++i) {
    // A second has its name from its end.
    const double ends = bounded(file, i, "t_s", 1, kMostVideoSeconds, 0);
    if (ends < 1) throw InputError(file.place(i) + ": t_s is missing");
    VideoSeries& series = into.series[{file.text(i, "id"), isUplink(file, i)}];
    const auto index = static_cast<std::size_t>(std::lround(ends)) - 1;
    if (series.size() <= index) series.resize(index + 1);
    VideoSecond& second = series[index];
    second.target = file.number(i, "target_kbps");
    second.sent = file.number(i, "sent_kbps");
    second.received = file.number(i, "recv_kbps");
    second.available = file.number(i, "avail_kbps");
    second.roundTrip = file.number(i, "rtt_ms");
    second.frameRate = file.number(i, "fps_decoded");
    second.height = file.number(i, "height");
    second.freezes = file.number(i, "freezes");
  }
}

}  // namespace callflow::validation
