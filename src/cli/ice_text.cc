#include "src/cli/ice_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace callflow::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::string rounded(Duration time) {
  return std::to_string((time.count() + 500'000) / 1'000'000) + " ms";
}

// "relay udp 20.202.7.10:49152": over what its client reaches the relay.
std::string describe(const ice::Candidate& candidate) {
  return std::string(ice::name(candidate.type)) +
         (candidate.relay ? " " + std::string(ice::name(*candidate.relay)) : "") + " " +
         wire::toText(candidate.address);
}

std::string types(const sim::PairOutcome& pair) {
  return std::string(ice::name(pair.local.type)) + "-" + std::string(ice::name(pair.remote.type));
}

std::string reason(const sim::LostCheck& lost) {
  return lost.element + " drops " + wire::toText(lost.header) + ": " + lost.reason;
}

std::string outcome(const sim::PairOutcome& pair) {
  const std::string checks = std::to_string(pair.answers) + " of " + std::to_string(pair.checks) +
                             (pair.checks == 1 ? " check" : " checks") + " answered";
  if (pair.selected) return "selected, " + checks + ", round trip " + rounded(*pair.roundTrip);
  if (pair.answers > 0) return "works, " + checks + ", round trip " + rounded(*pair.roundTrip);
  if (pair.checks == 0) return "not checked: a better one worked before";
  if (pair.lost) return reason(*pair.lost);
  return "no answer to " + std::to_string(pair.checks) + (pair.checks == 1 ? " check" : " checks");
}

// When each step of a client's set-up was over.
std::string steps(const sim::IceSide& side) {
  std::string text;
  const auto add = [&](const char* name, const std::optional<Duration>& at) {
    if (at) text += (text.empty() ? "" : ", ") + std::string(name) + " " + rounded(*at);
  };
  // A pair that works ends the gathering.
  const bool stopped = side.gathered && side.gathered == side.iceConnected;
  add(stopped ? "gathered until" : "gathered", side.gathered);
  add("ICE connected", side.iceConnected);
  add("DTLS connected", side.dtlsConnected);
  add("ICE failed", side.failed);
  return text;
}

// What each waits for before a call, and when that was over.
std::string signalingText(const sim::SignalingReport& report,
                          const std::array<sim::SideOutcome, 2>& sides) {
  std::string text;
  for (const std::size_t i : {0U, 1U}) {
    if (!report.lines[i]) continue;
    const sim::SignalingReport::Line& line = *report.lines[i];
    text += "  " + sides[i].participant + " signals to " +
            (line.server.empty() ? "nobody: no region serves it" : line.server) +
            (line.throughProxy ? " through its proxy" : "") +
            (line.stands ? ", connected " + rounded(*line.stands) : "") + "\n";
  }
  std::string steps;
  for (std::size_t step = 0; step < signaling::kSteps; ++step) {
    if (!report.steps[step]) continue;
    steps += (steps.empty() ? "" : ", ") +
             std::string(signaling::name(static_cast<signaling::Step>(step))) + " " +
             rounded(*report.steps[step]);
  }
  if (!steps.empty()) text += "  steps: " + steps + "\n";
  if (report.end) text += "  " + ending(*report.end) + "\n";
  return text;
}

Json milliseconds(const std::optional<Duration>& time) {
  return time ? Json(time->seconds() * 1000) : Json(nullptr);
}

// Of clients with several accesses: the site that it is at.
void addInterface(const sim::IceSide& seen, std::uint8_t interface, Json& to) {
  if (!seen.interfaces.empty()) to["interface"] = seen.interfaces[interface];
}

Json signalingJson(const sim::SignalingReport& report) {
  Json lines = Json::array();
  for (const auto& line : report.lines) {
    if (!line) continue;
    lines.push_back({{"server", line->server.empty() ? Json(nullptr) : Json(line->server)},
                     {"through_proxy", line->throughProxy},
                     {"connected_ms", milliseconds(line->stands)}});
  }
  Json steps = Json::array();
  for (std::size_t step = 0; step < signaling::kSteps; ++step)
    steps.push_back({{"step", signaling::name(static_cast<signaling::Step>(step))},
                     {"over_ms", milliseconds(report.steps[step])}});
  Json end = nullptr;
  if (report.end)
    end = {{"at_ms", milliseconds(report.end->at)},
           {"code", report.end->code.code},
           {"subcode", report.end->code.subcode},
           {"reason", report.end->reason}};
  return {{"lines", std::move(lines)}, {"steps", std::move(steps)}, {"end", std::move(end)}};
}

}  // namespace

std::string ending(const sim::SignalingReport::End& end) {
  return "the call ends with " + std::to_string(end.code.code) + "/" +
         std::to_string(end.code.subcode) + " after " + rounded(end.at) + ": " + end.reason;
}

std::string iceText(const sim::IceReport& report) {
  std::string text = "\nhow " + report.sides[0].participant + " and " +
                     report.sides[1].participant +
                     " connect without loss and jitter, times since the first of them " +
                     (report.signaling ? "calls" : "offers") + "\n";
  if (report.signaling) text += signalingText(*report.signaling, report.sides);
  for (const sim::SideOutcome& side : report.sides) {
    if (side.pairs.empty() && side.seen.candidates.empty()) continue;  // a server
    text += "  " + side.participant + ": " + steps(side.seen) + "\n";
    for (const auto& gathered : side.seen.candidates)
      text += "    candidate  " + padded(describe(gathered.candidate), 32) + "  " +
              rounded(gathered.at) + side.seen.place(gathered.candidate.interface) + "\n";
    for (const auto& [at, refused] : side.refused)
      text += "    refused    " +
              padded(std::to_string(refused.code) + " by " + wire::toText(refused.by.address) +
                         " " + std::string(ice::name(refused.by.protocol)),
                     32) +
              "  " + rounded(at) + "\n";
    std::size_t width = 0;
    for (const sim::PairOutcome& pair : side.pairs) width = std::max(width, types(pair).size());
    for (const sim::PairOutcome& pair : side.pairs)
      text += "    pair       " + padded(types(pair), width) + "  " +
              wire::toText(pair.local.address) + " to " + wire::toText(pair.remote.address) +
              side.seen.place(pair.local.interface) + "  " + outcome(pair) + "\n";
  }
  return text;
}

namespace {

// Shorter pauses are not worth a line: media comes each 20 ms or so.
constexpr Duration kSilence = Duration::ms(500);

std::string seconds(Duration time) {
  const std::int64_t hundredths = (time.count() + 5'000'000) / 10'000'000;
  const std::string digits = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + "." + (digits.size() < 2 ? "0" : "") + digits + " s";
}

std::string describe(const topology::LinkChange& change) {
  if (change.forget) {
    const bool all = *change.forget == wire::RuleProtocol::any;
    const bool udp = *change.forget == wire::RuleProtocol::udp;
    return change.device + " forgets its " + (all ? "" : udp ? "UDP " : "TCP ") + "flows";
  }
  const auto state = change.up.state ? change.up.state : change.down.state;
  if (change.advertises && !state) {
    std::string lines;
    for (const topology::Advertised each : *change.advertises)
      lines += (lines.empty() ? "" : " and ") +
               std::string(each == topology::Advertised::peering ? "peering" : "uplink");
    return change.link + " advertises " +
           (lines.empty() ? "no addresses" : "the addresses of " + lines);
  }
  if (!state) return (change.link.empty() ? change.device : change.link) + " changes";
  if (!change.server.empty())
    return "relay " + change.server +
           (*state == topology::LinkState::down ? " goes down" : " comes up");
  return change.link + (*state == topology::LinkState::down ? " goes down" : " comes up");
}

std::string describe(const sim::IceSide& seen, const sim::IceSide::Selection& selection) {
  if (selection.none) return "has no pair";
  return "selects " + selection.local + "-" + selection.remote +
         (selection.relay ? ", its relay by " + std::string(ice::name(*selection.relay)) : "") +
         seen.place(selection.interface);
}

void addSide(const sim::SideOutcome& side, Duration start, Duration end,
             std::vector<Moment>& moments) {
  for (const auto& selection : side.seen.selections)
    moments.push_back(
        {start + selection.at, side.participant + " " + describe(side.seen, selection)});
  for (const auto& change : side.seen.states) {
    if (change.state == ice::State::checking || change.state == ice::State::completed) continue;
    moments.push_back(
        {start + change.at, side.participant + ": " + std::string(ice::name(change.state))});
  }
  const std::vector<Duration>& media = side.seen.media;
  for (std::size_t i = 1; i < media.size(); ++i) {
    if (media[i] - media[i - 1] < kSilence) continue;
    moments.push_back({start + media[i - 1], side.participant + " hears nothing for " +
                                                 seconds(media[i] - media[i - 1])});
  }
  if (!media.empty() && end - (start + media.back()) >= kSilence)
    moments.push_back({start + media.back(), side.participant + " hears nothing any more"});
}

}  // namespace

std::vector<Moment> momentsOf(const sim::IceReport& life, const topology::Call& call,
                              const std::vector<topology::LinkChange>& events) {
  const Duration end = call.start + call.setup + call.duration;
  std::vector<Moment> moments;
  for (const topology::LinkChange& change : events)
    if (change.at < end) moments.push_back({change.at, describe(change)});
  for (const sim::SideOutcome& side : life.sides) addSide(side, call.start, end, moments);
  if (life.signaling && life.signaling->end)
    moments.push_back({call.start + life.signaling->end->at, ending(*life.signaling->end)});
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.at < b.at; });
  return moments;
}

std::string lifeText(const std::vector<Moment>& moments) {
  std::string text =
      "\nthe call in time, on a quiet network, with an ICE restart when disconnected\n";
  std::size_t width = 0;
  for (const Moment& moment : moments) width = std::max(width, seconds(moment.at).size());
  for (const Moment& moment : moments) {
    const std::string at = seconds(moment.at);
    text += "  " + std::string(width - at.size(), ' ') + at + "  " + moment.what + "\n";
  }
  return text;
}

Json jsonOf(const sim::IceReport& report) {
  Json sides = Json::array();
  for (const sim::SideOutcome& side : report.sides) {
    Json candidates = Json::array();
    for (const auto& [at, candidate] : side.seen.candidates) {
      Json one = {
          {"type", ice::name(candidate.type)},
          {"address", wire::toText(candidate.address)},
          {"priority", candidate.priority},
          {"relay_protocol", candidate.relay ? Json(ice::name(*candidate.relay)) : Json(nullptr)},
          {"gathered_ms", milliseconds(at)}};
      addInterface(side.seen, candidate.interface, one);
      candidates.push_back(std::move(one));
    }
    Json pairs = Json::array();
    for (const sim::PairOutcome& pair : side.pairs) {
      pairs.push_back({{"local", ice::name(pair.local.type)},
                       {"remote", ice::name(pair.remote.type)},
                       {"local_address", wire::toText(pair.local.address)},
                       {"remote_address", wire::toText(pair.remote.address)},
                       {"priority", pair.priority},
                       {"selected", pair.selected},
                       {"checks_sent", pair.checks},
                       {"responses_received", pair.answers},
                       {"round_trip_ms", milliseconds(pair.roundTrip)},
                       {"dropped_at", pair.lost ? Json(pair.lost->element) : Json(nullptr)},
                       {"reason", pair.lost ? Json(pair.lost->reason) : Json(nullptr)}});
      addInterface(side.seen, pair.local.interface, pairs.back());
    }
    sides.push_back({{"participant", side.participant},
                     {"gathered_ms", milliseconds(side.seen.gathered)},
                     {"ice_connected_ms", milliseconds(side.seen.iceConnected)},
                     {"dtls_connected_ms", milliseconds(side.seen.dtlsConnected)},
                     {"ice_failed_ms", milliseconds(side.seen.failed)},
                     {"candidates", std::move(candidates)},
                     {"pairs", std::move(pairs)}});
  }
  Json result = {{"connected", report.connected}, {"sides", std::move(sides)}};
  if (report.signaling) result["signaling"] = signalingJson(*report.signaling);
  return result;
}

}  // namespace callflow::cli
