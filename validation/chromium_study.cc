#include "validation/chromium_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>

#include "models/media/keys.h"
#include "models/transport/keys.h"
#include "src/metrics/metric.h"
#include "src/sim/run.h"
#include "src/topology/load.h"
#include "validation/csv.h"
#include "validation/processes.h"

namespace callflow::validation {
namespace {

constexpr std::array<QuantityRow, quantityCount> table{{
    {Quantity::stunRtt, "stun_rtt_ms", "audio.stun_round_trip", "STUN round trip", "ms", false, 0.1,
     5},
    {Quantity::rtcpRtt, "audio_rtcp_rtt_ms", "audio.rtcp_round_trip", "RTCP round trip", "ms",
     false, 0.1, 5},
    {Quantity::bufferDelay, "audio_jb_ms", "audio.jitter_buffer_delay", "jitter buffer", "ms",
     false, 0.25, 20},
    {Quantity::bufferTarget, "audio_jbtarget_ms", "audio.jitter_buffer_target", "its target", "ms",
     false, 0.25, 20},
    {Quantity::concealed, "conceal_pct", "audio.concealed_ratio", "concealed", "%", false, 0.4, 1,
     0.3},
    {Quantity::silentConcealed, "silent_conceal_pct", "audio.silent_concealed_ratio",
     "concealed as noise", "%"},
    {Quantity::concealmentEvents, "conceal_ev_per_min", "audio.concealment_events",
     "concealment events", "a minute", true},
    {Quantity::accelerated, "accel_pct", "audio.accelerated_ratio", "accelerated", "%"},
    {Quantity::decelerated, "decel_pct", "audio.decelerated_ratio", "decelerated", "%"},
    {Quantity::fecPackets, "audio_fec", "audio.fec_packets_received", "with in-band FEC",
     "packets"},
}};

constexpr bool inOrder() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].quantity) != i) return false;
  }
  return true;
}
static_assert(inOrder());

// By the name that the simulated TCP has for it; nothing if it has none.
std::optional<transport::CongestionAlgorithm> congestionControl(const std::string& text) {
  for (const auto& [value, name] : config::EnumNames<transport::CongestionAlgorithm>::kValues) {
    if (text == name) return value;
  }
  return std::nullopt;
}

bool offers(const CallCondition& condition) {
  return condition.relay == "udp" || congestionControl(condition.congestionControl).has_value();
}

using Directions = std::array<QuantityValues, 2>;  // downlink, uplink

topology::Case caseOf(const topology::Case& base, const CallCondition& condition, Duration warmUp) {
  topology::Case result = base;
  topology::Site& site = result.topology.sites.front().second;  // client A's
  for (topology::LinkDirection* direction : {&site.uplink->up, &site.uplink->down}) {
    direction->delay = condition.oneWayDelay;
    direction->loss.mean = condition.loss;
  }
  topology::Call& call = result.calls.front();
  call.duration = condition.length + warmUp;
  call.audio.content = condition.content;
  if (const auto control = congestionControl(condition.congestionControl)) {
    call.tcp.congestion = *control;
  }
  call.paths = {condition.relay == "tcp" ? topology::PathKind::relayTcp
                                         : topology::PathKind::relayUdp};
  return result;
}

Directions simulateCall(const topology::Scenario& scenario, const CallCondition& condition,
                        int seed) {
  sim::RunOptions options;
  options.seed = static_cast<std::uint64_t>(seed);
  options.warmUp = scenario.warmUp;
  options.drain = scenario.drain;
  const topology::Case input = caseOf(scenario.cases.front(), condition, scenario.warmUp);
  const metrics::RunRecord record = sim::simulate(input, options);
  Directions result;
  double bothWays = 0;
  for (const metrics::StreamRecord& stream : record.streams) {
    bothWays += stream.totals[metrics::MetricId::audio_one_way_delay_mean] *
                metrics::metric(metrics::MetricId::audio_one_way_delay_mean).scale;
  }
  if (record.streams.size() != 2) throw std::runtime_error("a call did not connect");
  for (const metrics::StreamRecord& stream : record.streams) {
    QuantityValues& values = result[stream.from.ends_with("@a") ? 1 : 0];
    for (const QuantityRow& quantity : table) {
      const auto metric = metrics::metricNamed(quantity.metric);
      if (fromMedia(quantity.quantity)) values[quantity.quantity] = bothWays;
      if (!metric) continue;
      double value = stream.totals[*metric] * metrics::metric(*metric).scale;
      if (quantity.perMinute) value *= 60 / condition.length.seconds();
      values[quantity.quantity] = value;
    }
  }
  return result;
}

void summarize(const std::vector<QuantityValues>& seeds, ComparedCall& call) {
  const auto n = static_cast<double>(seeds.size());
  for (const QuantityRow& quantity : table) {
    double sum = 0;
    double squares = 0;
    for (const QuantityValues& values : seeds) sum += values[quantity.quantity];
    const double mean = sum / n;
    for (const QuantityValues& values : seeds) {
      squares += std::pow(values[quantity.quantity] - mean, 2);
    }
    call.mean[quantity.quantity] = mean;
    call.deviation[quantity.quantity] = seeds.size() < 2 ? 0 : std::sqrt(squares / (n - 1));
  }
}

double allowedFor(const QuantityRow& quantity, const MeasuredCall& call) {
  const bool speech = call.condition.content == media::Content::speech;
  return std::max(quantity.relative * std::abs(call.values[quantity.quantity]),
                  speech ? quantity.absoluteOfSpeech : quantity.absolute);
}

void judge(ComparedCall& call) {
  for (const QuantityRow& quantity : table) {
    const double measured = call.measured.values[quantity.quantity];
    const double simulated = call.mean[quantity.quantity];
    if (!judged(quantity.quantity) || std::isnan(measured) || std::isnan(simulated)) continue;
    const double allowed = allowedFor(quantity, call.measured);
    call.judgements[static_cast<std::size_t>(quantity.quantity)] =
        Judgement{allowed, std::abs(simulated - measured) <= allowed};
  }
}

// Every pair of conditions that the measurement sets apart must be in the same order. Speech and
// the synthetic signal were measured on different hosts, so that they do not compare.
void compareOrder(Comparison& comparison) {
  const std::vector<ComparedCall>& calls = comparison.calls;
  for (const QuantityRow& quantity : table) {
    if (!judged(quantity.quantity)) continue;
    if (!modelled(quantity.quantity) && !fromMedia(quantity.quantity)) continue;
    const Quantity q = quantity.quantity;
    for (std::size_t low = 0; low < calls.size(); ++low) {
      for (std::size_t high = 0; high < calls.size(); ++high) {
        const ComparedCall& a = calls[low];
        const ComparedCall& b = calls[high];
        if (a.measured.uplink != b.measured.uplink || !a.offered || !b.offered) continue;
        if (a.measured.condition.content != b.measured.condition.content) continue;
        const double apart = b.measured.values[q] - a.measured.values[q];
        if (!(apart > allowedFor(quantity, b.measured))) continue;
        ++comparison.pairs;
        if (!(a.mean[q] < b.mean[q])) comparison.disorders.push_back({q, low, high});
      }
    }
  }
}

std::string toText(media::Content content) {
  return config::Scalar<media::Content>::print(content);
}

media::Content contentOf(const CsvFile& file, std::size_t row,
                         std::optional<media::Content> otherwise) {
  if (!file.has("content")) {
    if (otherwise) return *otherwise;
    return file.has("host_idle_pct") ? media::Content::speech : media::Content::synthetic;
  }
  for (const auto& [value, name] : config::EnumNames<media::Content>::kValues) {
    if (file.text(row, "content") == name) return value;
  }
  throw InputError(file.place(row) + ": content is neither speech nor synthetic");
}

std::string callName(const MeasuredCall& call) {
  return describe(call.condition) + (call.uplink ? ", uplink" : ", downlink");
}

std::string field(double value) {
  return std::isnan(value) ? "" : fmt::format("{:.6g}", value);
}

}  // namespace

const QuantityRow& row(Quantity quantity) {
  return table[static_cast<std::size_t>(quantity)];
}

bool modelled(Quantity quantity) {
  return metrics::metricNamed(row(quantity).metric).has_value();
}

bool fromMedia(Quantity quantity) {
  return !modelled(quantity) && (quantity == Quantity::stunRtt || quantity == Quantity::rtcpRtt);
}

std::string describe(const CallCondition& condition) {
  return fmt::format("{}, {}, {:g} ms, {:g} %", toText(condition.content),
                     condition.relay == "udp" ? "UDP" : "TCP (" + condition.congestionControl + ")",
                     condition.oneWayDelay.milliseconds(), condition.loss.percentValue());
}

std::vector<MeasuredCall> readCalls(const std::string& path,
                                    std::optional<media::Content> otherwise) {
  const CsvFile file(path);
  std::vector<MeasuredCall> result;
  std::vector<bool> superseded;
  for (std::size_t i = 0; i < file.rows(); ++i) {
    if (file.text(i, "kind") != "audio") continue;
    MeasuredCall call;
    call.id = file.text(i, "id");
    CallCondition& condition = call.condition;
    condition.relay = file.text(i, "relay");
    if (condition.relay != "udp" && condition.relay != "tcp") {
      throw InputError(file.place(i) + ": relay is neither udp nor tcp");
    }
    condition.congestionControl = file.text(i, "tcp_cc");
    const double delay = file.number(i, "owd_ms");
    const double loss = file.number(i, "loss_pct");
    const double length = file.number(i, "T");
    if (!(delay >= 0 && delay <= 10'000)) {
      throw InputError(file.place(i) + ": owd_ms is not between 0 and 10000");
    }
    if (!(loss >= 0 && loss <= 100)) {
      throw InputError(file.place(i) + ": loss_pct is not between 0 and 100");
    }
    if (!(length > 0 && length <= 86'400)) {
      throw InputError(file.place(i) + ": T is not between 0 and 86400 s");
    }
    condition.oneWayDelay = Duration::ns(std::llround(delay * 1e6));
    condition.loss = Ratio::fromDouble(loss / 100);
    condition.length = Duration::ns(std::llround(length * 1e9));
    condition.content = contentOf(file, i, otherwise);
    const std::string& direction = file.text(i, "dir");
    call.uplink = direction.starts_with("uplink");
    if (!call.uplink && !direction.starts_with("downlink")) {
      throw InputError(file.place(i) + ": dir is neither uplink nor downlink");
    }
    for (const QuantityRow& quantity : table) {
      const std::string column(quantity.column);
      if (file.has(column)) call.values[quantity.quantity] = file.number(i, column);
    }
    result.push_back(std::move(call));
    superseded.push_back(file.has("superseded") && file.number(i, "superseded") == 1);
  }
  std::vector<MeasuredCall> kept;
  for (std::size_t i = 0; i < result.size(); ++i) {
    bool replaced = false;
    for (std::size_t j = 0; j < result.size() && superseded[i]; ++j) {
      replaced = replaced || (!superseded[j] && result[j].condition == result[i].condition &&
                              result[j].uplink == result[i].uplink);
    }
    if (!replaced) kept.push_back(result[i]);
  }
  if (kept.empty()) throw InputError(path + ": has no audio calls");
  return kept;
}

Comparison compareCalls(const std::vector<MeasuredCall>& measured, const std::string& scenarioFile,
                        int seeds, int jobs) {
  Diagnostics diagnostics;
  const auto scenario = topology::loadScenario(scenarioFile, diagnostics);
  if (!scenario) throw InputError(scenarioFile + ": is not a scenario");

  std::vector<CallCondition> conditions;
  for (const MeasuredCall& call : measured) {
    if (offers(call.condition) &&
        std::find(conditions.begin(), conditions.end(), call.condition) == conditions.end()) {
      conditions.push_back(call.condition);
    }
  }
  const auto runs = static_cast<std::size_t>(seeds);
  const std::vector<Directions> outcomes = inProcesses<Directions>(
      conditions.size() * runs, static_cast<std::size_t>(jobs), [&](std::size_t task) {
        return simulateCall(*scenario, conditions[task / runs], static_cast<int>(task % runs) + 1);
      });

  Comparison result;
  for (const MeasuredCall& call : measured) {
    ComparedCall compared;
    compared.measured = call;
    const auto found = std::find(conditions.begin(), conditions.end(), call.condition);
    compared.offered = found != conditions.end();
    if (compared.offered) {
      const std::size_t first = static_cast<std::size_t>(found - conditions.begin()) * runs;
      std::vector<QuantityValues> values;
      for (std::size_t s = 0; s < runs; ++s) {
        values.push_back(outcomes[first + s][call.uplink ? 1 : 0]);
      }
      summarize(values, compared);
      judge(compared);
    }
    result.calls.push_back(std::move(compared));
  }
  compareOrder(result);
  return result;
}

std::vector<std::string> misses(const Comparison& comparison) {
  std::vector<std::string> result;
  for (const ComparedCall& call : comparison.calls) {
    for (const QuantityRow& quantity : table) {
      const auto& judgement = call.judgement(quantity.quantity);
      if (judgement && !judgement->met) {
        result.push_back(fmt::format("{}: {}", callName(call.measured), quantity.label));
      }
    }
  }
  for (const Disorder& disorder : comparison.disorders) {
    result.push_back(fmt::format("order of {}: {} is measured below {}",
                                 row(disorder.quantity).label,
                                 callName(comparison.calls[disorder.lower].measured),
                                 callName(comparison.calls[disorder.higher].measured)));
  }
  return result;
}

void writeComparison(const Comparison& comparison, const std::string& path) {
  std::string text = "id,content,relay,tcp_cc,owd_ms,loss_pct,T,dir,simulated";
  for (const QuantityRow& quantity : table) {
    text += fmt::format(",{0}_measured,{0}_simulated,{0}_sd", quantity.column);
    if (judged(quantity.quantity)) text += fmt::format(",{0}_allowed,{0}_met", quantity.column);
  }
  text += '\n';
  for (const ComparedCall& call : comparison.calls) {
    const CallCondition& condition = call.measured.condition;
    text += fmt::format("{},{},{},{},{:g},{:g},{:g},{},{}", call.measured.id,
                        toText(condition.content), condition.relay, condition.congestionControl,
                        condition.oneWayDelay.milliseconds(), condition.loss.percentValue(),
                        condition.length.seconds(), call.measured.uplink ? "uplink" : "downlink",
                        call.offered ? 1 : 0);
    for (const QuantityRow& quantity : table) {
      const Quantity q = quantity.quantity;
      text += fmt::format(",{},{},{}", field(call.measured.values[q]), field(call.mean[q]),
                          field(call.deviation[q]));
      if (!judged(q)) continue;
      const auto& judgement = call.judgement(q);
      text += judgement ? fmt::format(",{},{}", field(judgement->allowed), judgement->met ? 1 : 0)
                        : ",,";
    }
    text += '\n';
  }
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw InputError(path + ": cannot be written");
}

}  // namespace callflow::validation
