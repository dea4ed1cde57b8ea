#include "tests/unit/sample_result.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace callflow::test {

namespace {

using namespace metrics;

// Numbers that look random and are the same everywhere.
class Noise {
 public:
  explicit Noise(std::uint32_t seed) : state_(seed * 2654435761U + 1) {}
  double next() {
    state_ = state_ * 1664525U + 1013904223U;
    return static_cast<double>(state_ >> 8U) / 16777216.0;
  }

 private:
  std::uint32_t state_;
};

StreamRecord stream(bool tcp, int run, const std::string& from, const std::string& to) {
  Noise noise(static_cast<std::uint32_t>(run * 4 + (tcp ? 2 : 0) + (from == "alice" ? 1 : 0)));
  StreamRecord s;
  s.call = "standup";
  s.from = from;
  s.to = to;
  s.path = tcp ? "relay-tcp" : "relay-udp";
  s.transport = tcp ? "tcp" : "udp";
  s.attempts = {
      {"direct", false, "hq-firewall drops it by rule 3 (contoso.yaml:18)"},
      {"relay-udp", !tcp, tcp ? "hq-firewall drops it by rule 2 (udp-vs-tcp.yaml:9)" : "allowed"}};
  if (tcp) s.attempts.push_back({"relay-tcp", true, "hq-firewall allows it by rule 1"});
  if (tcp && from == "alice") s.outOfRange = {"delay", "burst-ratio"};
  s.targets = {{"loss", "ratio", 0.01, Duration::s(15), 226, tcp ? 0 : 226, 3000, tcp ? 0 : 0.02},
               {"round-trip", "s", 0.1, Duration{}, 0, 0, 0, std::nan("")}};
  s.legs = {
      {from, "relay.westeurope", tcp ? "tcp" : "udp", {from, "hq-firewall", "relay.westeurope"}},
      {"relay.westeurope", to, "udp", {"relay.westeurope", to}}};
  s.legs[0].flows = {"2'", "4"};
  s.legs[1].flows = {"3"};
  for (Leg& leg : s.legs) leg.connectivityIce = "RELAY";
  s.legs[0].fromType = s.legs[0].toType = s.legs[1].fromType = "Turn";
  s.legs[1].toType = "Stun";
  s.legs[0].relay = "20.202.6.10:49152";

  std::map<std::int32_t, std::int64_t> bins;
  constexpr int frames = 3000;
  double held = 0;  // ms that a retransmission still holds back what follows
  std::int64_t lost = 0;
  std::int64_t late = 0;
  std::int64_t again = 0;
  for (int i = 0; i < frames; ++i) {
    FrameTrace f;
    f.sequence = 1000 + i;
    f.sent = TimePoint::at(Duration::ms(1000 + 20 * i));
    f.firstTransmission = f.sent;
    f.copies = 1;
    double delay = 31.4 + 6 * noise.next();
    const bool drop = noise.next() < 0.015;
    held = std::max(0.0, held - 20);
    if (drop && tcp) {
      held = std::max(held, 90 + 120 * noise.next());
      f.copies = 2;
      ++again;
    }
    delay += held;
    if (drop && !tcp) {
      f.fate = FrameFate::lost;
      f.arrived = f.received = f.played = TimePoint::max();
      ++lost;
    } else {
      f.fate = delay > 120 ? FrameFate::late : FrameFate::played;
      late += f.fate == FrameFate::late ? 1 : 0;
      f.arrived = f.sent + Duration::fromSeconds((delay - held / 2) / 1000);
      f.received = f.sent + Duration::fromSeconds(delay / 1000);
      f.played = f.fate == FrameFate::played ? f.sent + Duration::ms(140) : TimePoint::max();
      if (f.fate == FrameFate::played) f.jitterBufferTarget = Duration::ms(80);
      ++bins[static_cast<std::int32_t>(delay * 10)];
      ++s.played;
    }
    if (run == 1) s.trace.push_back(f);
  }
  s.played -= late;
  s.delayHistogram.assign(bins.begin(), bins.end());

  const auto part = [&](DelayCause cause, std::string element, std::int64_t us) {
    s.budget.push_back({cause, std::move(element), Duration::us(us) * s.played});
    s.totalDelay += s.budget.back().sum;
  };
  part(DelayCause::packetization, {}, 20'000);
  part(DelayCause::lookahead, {}, 6'500);
  part(DelayCause::retransmission, {}, tcp ? 3'100 : 0);
  part(DelayCause::propagation, {}, 27'300);
  part(DelayCause::serialization, {}, 410);
  part(DelayCause::queueing, "hq.uplink", 2'600);
  part(DelayCause::queueing, "branch.wan", 1'100);
  part(DelayCause::headOfLine, {}, tcp ? 41'000 : 0);
  part(DelayCause::jitterBuffer, {}, tcp ? 78'000 : 22'000);

  const double mos = tcp ? 3.00 + 0.02 * run : 4.00 + 0.01 * run;
  s.totals[MetricId::audio_mos] = mos;
  s.totals[MetricId::audio_mos_listening] = mos + 0.1;
  s.totals[MetricId::audio_one_way_delay_p95] = tcp ? 0.160 + 0.001 * run : 0.037;
  s.totals[MetricId::audio_lost_ratio] = static_cast<double>(lost) / frames;
  s.totals[MetricId::audio_discarded_ratio] = static_cast<double>(late) / frames;
  s.totals[MetricId::audio_concealed_ratio] = static_cast<double>(lost + late) / frames;
  s.totals[MetricId::audio_mouth_to_ear_delay] = tcp ? 0.180 : 0.080;
  s.totals[MetricId::audio_interruptions] = tcp ? 4 : 0;
  s.totals[MetricId::audio_longest_interruption] = tcp ? 0.180 : 0.040;
  s.totals[MetricId::audio_packets_sent] = frames;
  s.totals[MetricId::audio_packets_received] = static_cast<double>(frames - lost);
  s.totals[MetricId::audio_packets_lost] = static_cast<double>(lost);
  s.totals[MetricId::audio_retransmissions] = static_cast<double>(again);
  for (int w = 0; w < 6; ++w) {
    Window window;
    window.start = Duration::s(10 * w);
    window.values[MetricId::audio_mos] = mos + (w == 3 ? -0.4 : 0.08) + 0.1 * (noise.next() - 0.5);
    window.values[MetricId::audio_concealed_ratio] = s.totals[MetricId::audio_concealed_ratio];
    s.windows.push_back(window);
  }
  return s;
}

LegCrossing crossing(int leg, int copy, std::int64_t sent, std::int64_t arrived,
                     std::int64_t delivered) {
  LegCrossing c;
  c.leg = leg;
  c.copy = copy;
  c.sent = TimePoint::at(Duration::ms(sent));
  if (arrived < 0) {
    c.lostAt = "office.access up";
    return c;
  }
  c.arrived = TimePoint::at(Duration::ms(arrived));
  c.delivered = TimePoint::at(Duration::ms(delivered));
  return c;
}

FrameTrace frame(int sequence, std::vector<LegCrossing> crossings, FrameFate fate) {
  FrameTrace f;
  f.sequence = sequence;
  f.sent = f.firstTransmission = crossings.front().sent;
  f.copies = static_cast<std::int32_t>(
      std::count_if(crossings.begin(), crossings.end(), [](const auto& c) { return c.leg == 0; }));
  f.fate = fate;
  f.arrived = f.received = fate == FrameFate::lost ? TimePoint::max() : crossings.back().delivered;
  f.played = fate == FrameFate::played ? f.received + Duration::ms(60) : TimePoint::max();
  f.crossings = std::move(crossings);
  return f;
}

}  // namespace

results::Result sampleResult(int runs) {
  results::Result result;
  result.scenario = "udp-vs-tcp";
  result.title = "A branch call with UDP open and with TCP 443 only";
  result.version = "0.1.0";
  result.seed = 7;
  result.runs = runs;
  result.cases = {
      {"udp-open", "devices:\n  hq-firewall:\n    rules: [{allow: udp}, {deny: any}]\n"},
      {"tcp-only", "devices:\n  hq-firewall:\n    rules: [{deny: any}]\n"}};
  result.inputs = {{"scenarios/udp-vs-tcp.yaml", "scenario: udp-vs-tcp\n"},
                   {"scenarios/topologies/contoso.yaml", "topology: contoso\n"}};
  for (const bool tcp : {false, true}) {
    for (int run = 1; run <= runs; ++run) {
      RunRecord record;
      record.variant = tcp ? "tcp-only" : "udp-open";
      record.replication = run;
      record.seed = 7000 + static_cast<std::uint64_t>(run);
      record.simulated = Duration::s(65);
      record.streams = {stream(tcp, run, "alice", "bob"), stream(tcp, run, "bob", "alice")};
      record.links = {{"hq.uplink up", 3000, 45, 2, Duration::us(123'456)}};
      record.calls = {
          {"standup",
           0,
           true,
           "azure:westeurope/media-processor",
           Duration::ms(200),
           Duration::ms(1000),
           Duration::ms(1500),
           Duration::s(61),
           {{"alice", false, 0, 0, "westeurope", {"2'", "4"}}, {"bob", true, 410, 3112, "", {}}}}};
      if (tcp) record.drops = {{"hq-firewall", "rule 2 denies any", 9}};
      result.records.push_back(std::move(record));
    }
  }
  return result;
}

results::Result sweptResult() {
  const results::Result sample = sampleResult(2);
  results::Result result;
  result.scenario = "swept";
  result.version = sample.version;
  result.inputs = sample.inputs;
  result.seed = 1;
  result.runs = 2;
  const std::vector<std::string> losses = {"0%", "1%", "2%"};
  const std::vector<std::string> rtts = {"20 ms", "100 ms"};
  for (const std::string base : {"udp", "tcp"}) {
    for (std::size_t i = 0; i < losses.size(); ++i) {
      for (std::size_t j = 0; j < rtts.size(); ++j) {
        const std::string name = base + ", loss " + losses[i] + ", rtt " + rtts[j];
        result.cases.push_back({name,
                                "scenario: swept\nloss: " + losses[i] + "\nrtt: " + rtts[j] + "\n",
                                base,
                                {{"loss", losses[i]}, {"rtt", rtts[j]}}});
        for (const RunRecord* run : recordsOf(sample, base == "udp" ? "udp-open" : "tcp-only")) {
          RunRecord record = *run;
          record.variant = name;
          const double x = static_cast<double>(i);
          const double y = static_cast<double>(j);
          for (StreamRecord& s : record.streams) {
            s.totals[MetricId::audio_mos] =
                4.0 - (base == "udp" ? 0.1 * x : 0.3 * x + 0.2 * y) + 0.02 * run->replication;
            if (i == 1 && j == 1) continue;
            s.delayHistogram.clear();
            s.trace.clear();
          }
          result.records.push_back(std::move(record));
        }
      }
    }
  }
  return result;
}

results::Result threePackets() {
  results::Result result;
  result.scenario = "three-packets";
  result.title = "Three packets, the second lost once";
  result.version = "0.1.0";
  result.seed = 1;
  result.runs = 1;
  result.cases = {{"udp", "calls: [{name: three, paths: [relay-udp]}]\n"},
                  {"tcp", "calls: [{name: three, paths: [relay-tcp]}]\n"}};
  result.inputs = {{"three-packets.yaml", "scenario: three-packets\n"}};
  for (const bool tcp : {false, true}) {
    RunRecord record;
    record.variant = tcp ? "tcp" : "udp";
    record.replication = 1;
    record.seed = 1;
    StreamRecord s;
    s.call = "three";
    s.from = "alice";
    s.to = "bob";
    s.path = tcp ? "relay-tcp" : "relay-udp";
    s.transport = tcp ? "tcp" : "udp";
    s.legs = {{"alice", "relay", s.transport, {"alice", "relay"}},
              {"relay", "bob", "udp", {"relay", "bob"}}};
    s.trace.push_back(frame(0, {crossing(0, 1, 100, 115, 115), crossing(1, 1, 115, 130, 130)},
                            FrameFate::played));
    if (tcp) {
      s.trace.push_back(frame(1,
                              {crossing(0, 1, 120, -1, -1), crossing(0, 2, 320, 335, 335),
                               crossing(1, 1, 335, 350, 350)},
                              FrameFate::late));
      s.trace.push_back(frame(2, {crossing(0, 1, 140, 155, 335), crossing(1, 1, 335, 350, 350)},
                              FrameFate::late));
    } else {
      s.trace.push_back(frame(1, {crossing(0, 1, 120, -1, -1)}, FrameFate::lost));
      s.trace.push_back(frame(2, {crossing(0, 1, 140, 155, 155), crossing(1, 1, 155, 170, 170)},
                              FrameFate::played));
    }
    s.totals[MetricId::audio_packets_sent] = 3;
    s.totals[MetricId::audio_packets_lost] = tcp ? 0 : 1;
    s.totals[MetricId::audio_lost_ratio] = tcp ? 0 : 1.0 / 3;
    s.totals[MetricId::audio_concealed_ratio] = tcp ? 2.0 / 3 : 1.0 / 3;
    s.played = tcp ? 1 : 2;
    s.totalDelay = Duration::ms(90) * s.played;
    s.budget = {{DelayCause::propagation, {}, Duration::ms(30) * s.played},
                {DelayCause::jitterBuffer, {}, Duration::ms(60) * s.played}};
    s.delayHistogram = tcp ? decltype(s.delayHistogram){{300, 1}, {2100, 1}, {2300, 1}}
                           : decltype(s.delayHistogram){{300, 2}};
    record.streams = {std::move(s)};
    result.records.push_back(std::move(record));
  }
  return result;
}

}  // namespace callflow::test
