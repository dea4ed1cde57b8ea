// Who suffers in a large group.
#include <catch2/catch.hpp>

#include "src/compare/group_table.h"
#include "src/metrics/pooled.h"

using namespace callflow;
using metrics::MetricId;

namespace {

metrics::StreamRecord heard(const std::string& by, const std::string& medium,
                            const std::vector<std::string>& transports) {
  metrics::StreamRecord record;
  record.call = "town-hall";
  record.from = metrics::kOthers;
  record.to = by;
  record.medium = medium;
  for (std::size_t i = 0; i < transports.size(); ++i)
    record.legs.push_back({i == 0 ? "server" : "relay", "next", transports[i], {}});
  return record;
}

// Of so many at the office who hear at MOS 4, and one at a hotel, by TCP.
metrics::RunRecord run(int office) {
  metrics::RunRecord run;
  metrics::CallRecord call;
  call.call = "town-hall";
  call.group = true;
  call.mediaProcessor = "server";
  for (int i = 0; i < office; ++i) {
    call.participants.emplace_back().name = "p-" + std::to_string(i) + "@office";
    auto stream = heard(call.participants.back().name, "audio", {"udp"});
    stream.totals[MetricId::audio_mos] = 4;
    run.streams.push_back(stream);
  }
  call.participants.emplace_back().name = "guest@hotel";
  auto sound = heard("guest@hotel", "audio", {"udp", "tcp"});
  sound.totals[MetricId::audio_mos] = 2;
  run.streams.push_back(sound);
  auto picture = heard("guest@hotel", "video", {"udp", "tcp"});
  picture.totals[MetricId::video_frame_rate] = 7.5;
  run.streams.push_back(picture);
  run.calls.push_back(call);
  return run;
}

}  // namespace

TEST_CASE("ten are told of one by one, and not as a large group", "[compare]") {
  const metrics::RunRecord ten = run(9);
  CHECK_FALSE(compare::hasLargeGroup({&ten}));
  CHECK(compare::largeGroupsText("base", {&ten}, {}).empty());
}

TEST_CASE("a large group is told of by site and leg, and by its worst ten", "[compare]") {
  const metrics::RunRecord large = run(19);
  REQUIRE(compare::hasLargeGroup({&large}));
  const std::string text = compare::largeGroupsText("base", {&large}, {});
  // (19 * 4 + 2) / 20 = 3.9
  CHECK(text ==
        "\n"
        "WHO SUFFERS in base  LEG         PEOPLE   MOS  DELAY p95  CONCEALED   FRAMES  FROZEN\n"
        "all                                  20  3.90          -          -  7.5 fps       -\n"
        "hotel                relay, TCP       1  2.00          -          -  7.5 fps       -\n"
        "office               UDP             19  4.00          -          -        -       -\n"
        "\n"
        "WORST of base  LEG          MOS  DELAY p95  CONCEALED   FRAMES  FROZEN\n"
        "guest@hotel    relay, TCP  2.00          -          -  7.5 fps       -\n"
        "p-0@office     UDP         4.00          -          -        -       -\n"
        "p-1@office     UDP         4.00          -          -        -       -\n"
        "p-2@office     UDP         4.00          -          -        -       -\n"
        "p-3@office     UDP         4.00          -          -        -       -\n"
        "p-4@office     UDP         4.00          -          -        -       -\n"
        "p-5@office     UDP         4.00          -          -        -       -\n"
        "p-6@office     UDP         4.00          -          -        -       -\n"
        "p-7@office     UDP         4.00          -          -        -       -\n"
        "p-8@office     UDP         4.00          -          -        -       -\n"
        "all 20 with -v and in summary.csv; each run's streams.csv has its own\n");
}
