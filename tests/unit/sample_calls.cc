#include "tests/unit/sample_calls.h"

#include <algorithm>

namespace callflow::test {

namespace {

using metrics::CallEventKind;
using metrics::CallRecord;

const std::string kAnn = "ann@home", kBen = "ben@peer";
const std::string kAnnsPair = "host 10.0.0.2:50000 - srflx 198.51.100.2:60000";
const std::string kBensPair = "host 10.0.0.3:50000 - srflx 198.51.100.1:60000";

void note(CallRecord& call, int ms, const std::string& who, CallEventKind kind,
          const std::string& detail = {}) {
  call.events.push_back({Duration::ms(ms), who, kind, detail});
}

void sort(CallRecord& call) {
  std::stable_sort(call.events.begin(), call.events.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
}

CallRecord standing() {
  CallRecord call;
  call.call = "talk";
  call.mediaStart = Duration::s(1);
  call.scoredFrom = Duration::s(3);
  call.mediaEnd = Duration::s(40);
  call.participants = {{kAnn, false, 0, 0, "", {}}, {kBen, false, 0, 0, "", {}}};
  call.participants[0].steps = {{"first-candidate", Duration::ms(10)},
                                {"ice", Duration::ms(200)},
                                {"dtls", Duration::ms(400)},
                                {"media", Duration::s(1)}};
  note(call, 10, kAnn, CallEventKind::candidate, "host 10.0.0.2:50000");
  note(call, 100, kAnn, CallEventKind::gathered);
  note(call, 150, kAnn, CallEventKind::pair, kAnnsPair);
  note(call, 200, kAnn, CallEventKind::selected, kAnnsPair);
  note(call, 200, kAnn, CallEventKind::connected);
  note(call, 250, kBen, CallEventKind::selected, kBensPair);
  note(call, 250, kBen, CallEventKind::connected);
  note(call, 400, kAnn, CallEventKind::dtls);
  note(call, 420, kBen, CallEventKind::dtls);
  note(call, 1000, kAnn, CallEventKind::media);
  note(call, 1000, kBen, CallEventKind::media);
  return call;
}

}  // namespace

CallRecord quietCall() {
  CallRecord call = standing();
  note(call, 40'000, kAnn, CallEventKind::ended, "0/0");
  note(call, 40'000, kBen, CallEventKind::ended, "0/0");
  return call;
}

CallRecord restartedCall() {
  CallRecord call = quietCall();
  note(call, 15'300, kAnn, CallEventKind::disconnected);
  note(call, 15'300, kAnn, CallEventKind::networkReconnect, "bad");
  note(call, 16'100, kBen, CallEventKind::disconnected);
  note(call, 16'100, kBen, CallEventKind::networkReconnect, "bad");
  note(call, 16'200, kAnn, CallEventKind::restart);
  // Ben learns first, and does not know by what ann's relay is reached.
  note(call, 16'600, kBen, CallEventKind::selected, "host 10.0.0.3:50000 - relay 20.202.0.1:50001");
  note(call, 16'620, kAnn, CallEventKind::selected,
       "relay 20.202.0.1:50001 by udp - srflx 198.51.100.2:60000");
  for (const std::string& who : {kBen, kAnn}) {
    note(call, 16'700, who, CallEventKind::connected);
    note(call, 16'700, who, CallEventKind::networkReconnect, "good");
  }
  sort(call);
  return call;
}

CallRecord lostCall() {
  CallRecord call = standing();
  for (const std::string& who : {kAnn, kBen}) {
    note(call, 15'300, who, CallEventKind::disconnected);
    note(call, 15'300, who, CallEventKind::networkReconnect, "bad");
    note(call, 31'000, who, CallEventKind::failed);
    note(call, 31'000, who, CallEventKind::ended, "410/301005");
  }
  for (metrics::CallParticipant& who : call.participants) {
    who.code = 410;
    who.subcode = 301005;
  }
  sort(call);
  return call;
}

CallRecord refusedCall() {
  CallRecord call;
  call.call = "talk";
  call.participants = {{kAnn, false, 410, 3112, "", {}}, {kBen, false, 410, 3112, "", {}}};
  note(call, 10, kAnn, CallEventKind::candidate, "host 10.0.0.2:50000");
  note(call, 2000, kAnn, CallEventKind::gathered);
  note(call, 2000, kAnn, CallEventKind::networkRelaysNotReachable, "true");
  note(call, 17'000, kAnn, CallEventKind::failed);
  note(call, 30'000, kAnn, CallEventKind::ended, "410/3112");
  note(call, 30'000, kBen, CallEventKind::ended, "410/3112");
  return call;
}

results::Result resultOf(const std::vector<std::pair<std::string, CallRecord>>& variants) {
  results::Result result;
  result.scenario = "life";
  result.version = "0.1.0";
  result.seed = 1;
  result.runs = 1;
  for (const auto& [variant, call] : variants) {
    result.cases.push_back({variant, "calls: []\n"});
    metrics::RunRecord run;
    run.variant = variant;
    run.replication = 1;
    run.seed = 1;
    run.calls = {call};
    result.records.push_back(std::move(run));
  }
  return result;
}

}  // namespace callflow::test
