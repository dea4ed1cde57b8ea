// The founding example, checked against a clock worked out by hand. Delays are those of the
// scenario file:
//
//   Alice - office  1 ms | office - Internet  4 ms | Internet - edge  10 ms | edge - region  c
//   and the same back from the region to Bob, where c is the delay between an edge and the region
//   at its own place. So Alice to the relay, and the relay to Bob, is d = 15 ms + c each.
//
// The call is set up at 0 s; Alice's packets leave at T = 1 s, T + 20 ms and T + 40 ms; the second
// is lost on her access link. Rates are unlimited: nothing is serialized and nothing waits.
//
// Over UDP:  packet 1 arrives at T + 2d, packet 3 at T + 40 ms + 2d.
//
// Over TCP as Linux does it:
//   T                segment 1 leaves
//   T + 20 ms        segment 2 leaves and is lost
//   T + 40 ms        segment 3 leaves
//   T + 40 ms + d    it reaches the relay out of order, which acknowledges it selectively, at once,
//                    and with it segment 1, whose acknowledgement it had put off: the two have
//                    talked before, and it waits for something to send (by up to 40 ms)
//   T + 40 ms + 2d   Alice learns of it. The round trip that she measures is that of segment 1,
//                    40 ms + 2d. Segment 2 counts as lost when it is older than that and a quarter
//                    of the least round trip of 2d (RACK, RFC 8985 6.2): that is at L = T + 60 ms
//                    + 2.5d, for which she sets a timer (that goes off within two ticks of 4 ms)
//   L + d            it reaches the relay, which passes packets 2 and 3 on together
//   L + 2d           both reach Bob
#include <catch2/catch.hpp>

#include <map>
#include <string>

#include "src/metrics/run_record.h"
#include "src/sim/run.h"
#include "src/topology/regions.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

using metrics::FrameFate;
using metrics::FrameTrace;

constexpr TimePoint never = TimePoint::max();

metrics::StreamRecord streamOf(const std::string& variant) {
  const topology::Scenario scenario =
      testing::loadedScenario(CALLFLOW_SOURCE_DIR "/scenarios/three-packets.yaml");
  for (const topology::Case& input : scenario.cases) {
    if (input.variant != variant) continue;
    sim::RunOptions options = testing::optionsOf(scenario);
    options.trace = true;
    const metrics::RunRecord record = sim::simulate(input, options);
    REQUIRE(record.streams.size() == 1);
    return record.streams.front();
  }
  FAIL("no variant " << variant);
  return {};
}

TimePoint at(Duration sinceStart) {
  return TimePoint::at(sinceStart);
}

const Duration d = Duration::ms(15) + topology::kSamePlaceRtt / 2;
const Duration start = Duration::s(1);
const Duration tcpStart = start;

TEST_CASE("over UDP two of three packets arrive, on time") {
  const metrics::StreamRecord stream = streamOf("udp");
  CHECK(stream.path == "relay-udp");
  REQUIRE(stream.trace.size() == 3);
  CHECK(stream.trace[0].sent == at(start));
  CHECK(stream.trace[0].received == at(start + 2 * d));
  CHECK(stream.trace[1].sent == at(start + Duration::ms(20)));
  CHECK(stream.trace[1].received == never);
  CHECK(stream.trace[1].fate == FrameFate::lost);
  REQUIRE(stream.trace[1].crossings.size() == 1);
  CHECK(stream.trace[1].crossings[0].lostAt == "office.access:alice up");
  CHECK(stream.trace[2].sent == at(start + Duration::ms(40)));
  CHECK(stream.trace[2].received == at(start + Duration::ms(40) + 2 * d));
}

TEST_CASE("over TCP all three arrive, and the third waits for the second") {
  const metrics::StreamRecord stream = streamOf("tcp");
  CHECK(stream.path == "relay-tcp");
  CHECK(stream.transport == "tcp");
  REQUIRE(stream.trace.size() == 3);
  CHECK(stream.trace[0].received == at(tcpStart + 2 * d));
  const Duration lost = tcpStart + Duration::ms(60) + d * 5 / 2;
  REQUIRE(stream.trace[1].crossings.size() == 3);
  const TimePoint again = stream.trace[1].crossings[1].sent;
  CHECK(again >= at(lost));
  CHECK(again <= at(lost + Duration::ms(8)));
  CHECK(stream.trace[1].received == again + 2 * d);
  CHECK(stream.trace[1].copies == 2);
  CHECK(stream.trace[2].received == again + 2 * d);
  CHECK(stream.trace[2].copies == 1);
  CHECK(stream.totals[metrics::MetricId::audio_retransmissions] == 1);
  CHECK(stream.totals[metrics::MetricId::audio_packets_lost] == 0);

  // The second packet: lost on the first leg, sent again, then on to Bob.
  CHECK(stream.trace[1].crossings[0].sent == at(tcpStart + Duration::ms(20)));
  CHECK(stream.trace[1].crossings[0].lostAt == "office.access:alice up");
  CHECK(stream.trace[1].crossings[1].arrived == again + d);
  CHECK(stream.trace[1].crossings[2].leg == 1);
  CHECK(stream.trace[1].crossings[2].arrived == again + 2 * d);
  // The third reached the relay long before it was handed on.
  REQUIRE(stream.trace[2].crossings.size() == 2);
  CHECK(stream.trace[2].crossings[0].arrived == at(tcpStart + Duration::ms(40) + d));
  CHECK(stream.trace[2].crossings[0].delivered == again + d);
}

}  // namespace
}  // namespace callflow
