// Group calls over a media processor that mixes, against figures worked out by hand; and what a
// large one makes of pauses.
#include <catch2/catch.hpp>

#include <string>

#include "models/quality/codec.h"
#include "src/metrics/pooled.h"
#include "tests/support/scenarios.h"

namespace callflow {
namespace {

using metrics::DelayCause;
using metrics::MetricId;
using metrics::StreamRecord;

// 1 + 4 + 10 ms from everybody to the media processor and back, nothing random.
metrics::RunRecord call(const std::string& name, const std::string& more,
                        const std::string& events = "") {
  return testing::simulated(testing::parsedScenario(name, "scenario: " + name + R"(
topology:
  sites:
    office: {location: westeurope, access: {rate: 1 Gbit/s, delay: 1 ms}, uplink: {rate: 1 Gbit/s, delay: 4 ms}}
    branch: {location: westeurope, access: {rate: 1 Gbit/s, delay: 1 ms}, uplink: {rate: 1 Gbit/s, delay: 4 ms}}
    depot: {location: westeurope, access: {rate: 1 Gbit/s, delay: 1 ms}, uplink: {rate: 1 Gbit/s, delay: 4 ms}}
  internet: {minimum-delay: 10 ms, jitter: 0 ms}
  azure: {regions: [westeurope], edges: [westeurope], media-processor: {processing: 0 ms, mixing: 1 ms, composing: 10 ms}}
warm-up: 0 s
runs: 1
calls:
  - {name: g, kind: group, clocks: ideal, participants: [ann@office, ben@branch, cleo@depot], )" +
                                                              more + "}\n" + events));
}

const StreamRecord& streamOf(const metrics::RunRecord& record, const std::string& from,
                             const std::string& to, const std::string& medium = "audio") {
  for (const StreamRecord& stream : record.streams)
    if (stream.from.starts_with(from) && stream.to.starts_with(to) && stream.medium == medium)
      return stream;
  FAIL("no " << medium << " from " << from << " to " << to);
  return record.streams.front();
}

std::int64_t sentOn(const metrics::RunRecord& record, const std::string& link) {
  for (const metrics::LinkCounters& each : record.links)
    if (each.link == link) return each.sent;
  FAIL("no link " << link);
  return 0;
}

const std::string kFixed =
    "duration: 2 s, audio: {rate-control: cbr, fec: "
    "off, jitter-buffer: {kind: fixed, delay: 40 "
    "ms}}";

}  // namespace

TEST_CASE("Sound through a mixer waits for its buffer, its turn and the coder") {
  // Frame k leaves at 20 k, is there at 15 + 20 k, and sounds at the media
  // processor 40 ms after that, at 55 + 20 k. The packet for what began up to
  // 60 + 20 k has it: 1 ms of mixing and 6.5 of the coder's look-ahead later it
  // leaves, and 15 ms after that it comes: 82.5 ms in all. It waits 40 ms once
  // more, and 26.5 ms went by before it was sent. A packet on 1 Gbit/s takes
  // some microseconds.
  const metrics::RunRecord record = call("mixed", kFixed + ", mode: mcu");
  REQUIRE(record.streams.size() == 6);
  for (const StreamRecord& stream : record.streams) {
    CHECK(stream.totals[MetricId::audio_packets_received] == 100);
    CHECK(stream.totals[MetricId::audio_one_way_delay_mean] == Approx(0.0825).margin(20e-6));
    CHECK(stream.totals[MetricId::audio_mouth_to_ear_delay] == Approx(0.149).margin(20e-6));
    CHECK(stream.totals[MetricId::audio_concealed_ratio] == 0);
    // From 15 to 67.5.
    Duration processing;
    for (const metrics::BudgetPart& part : stream.budget)
      if (part.cause == DelayCause::processing) processing += part.sum;
    CHECK(processing.milliseconds() / static_cast<double>(stream.played) ==
          Approx(52.5).margin(0.02));
  }
}

TEST_CASE("A mixer sends one stream of sound to each, and codes it a second time") {
  const metrics::RunRecord forwarded = call("forwarded", kFixed);
  const metrics::RunRecord mixed = call("mixed-rates", kFixed + ", mode: mcu");
  const StreamRecord& before = streamOf(forwarded, "ann", "ben");
  const StreamRecord& after = streamOf(mixed, "ann", "ben");
  CHECK(before.totals[MetricId::audio_one_way_delay_mean] == Approx(0.030).margin(20e-6));
  // Two of a hundred packets each, or one; RTCP takes its turns besides.
  const std::int64_t fewer =
      sentOn(forwarded, "branch.uplink down") - sentOn(mixed, "branch.uplink down");
  CHECK(fewer >= 95);
  CHECK(fewer <= 105);
  // Both codings' impairments add up.
  const double ie = quality::parameters(quality::Codec::opusCbr, DataRate::kbps(32)).ie;
  CHECK(ie > 1);
  CHECK(before.totals[MetricId::audio_r_factor_listening] -
            after.totals[MetricId::audio_r_factor_listening] ==
        Approx(ie));
}

TEST_CASE("What is lost on the way to a mixer is lost to all who listen") {
  // The office's line is down for a second of four: the 50 frames that are sent
  // in it do not arrive.
  const metrics::RunRecord record =
      call("mixed-loss",
           "duration: 4 s, setup: 5 s, mode: mcu, audio: {fec: off, "
           "jitter-buffer: {kind: fixed, "
           "delay: 40 ms}}",
           "events: [{at: 6.01 s, link: office.uplink, state: down}, {at: 7.01 "
           "s, link: "
           "office.uplink, state: up}]\n");
  for (const char* const to : {"ben", "cleo"}) {
    const StreamRecord& stream = streamOf(record, "ann", to);
    CHECK(stream.totals[MetricId::audio_packets_lost] == Approx(50).margin(1));
    CHECK(streamOf(record, to, "ann").totals[MetricId::audio_packets_lost] >= 49);
  }
  CHECK(streamOf(record, "ben", "cleo").totals[MetricId::audio_packets_lost] == 0);
  CHECK(streamOf(record, "cleo", "ben").totals[MetricId::audio_concealed_ratio] == 0);
}

TEST_CASE("A mixer composes one picture for each") {
  const std::string video =
      "duration: 14 s, setup: 5 s, video: {width: 320, "
      "height: 180}, layout: {height: 360}";
  const std::string frozen =
      "events: [{at: 12 s, link: office.uplink, up: "
      "{loss: 100%}}, {at: 15 s, link: office.uplink, "
      "up: {loss: 0%}}]\n";
  const metrics::RunRecord record = call("composed", video + ", mode: mcu", frozen);
  const StreamRecord& annToBen = streamOf(record, "ann", "ben", "video");
  const StreamRecord& cleoToBen = streamOf(record, "cleo", "ben", "video");
  // One picture of 360 lines is all that there is; both see it at the same
  // rate.
  CHECK(cleoToBen.totals[MetricId::video_frame_height] == 360);
  CHECK(cleoToBen.totals[MetricId::video_received_rate] ==
        annToBen.totals[MetricId::video_received_rate]);
  CHECK(cleoToBen.totals[MetricId::video_frame_rate] > 28);
  // 15 ms there, 10 to compose, 15 back at least; 10 each for rendering as
  // libwebrtc reckons, a picture to wait for, decoding, pacing and buffers.
  CHECK(cleoToBen.totals[MetricId::video_capture_to_render] > 0.040 + 0.010);
  CHECK(cleoToBen.totals[MetricId::video_capture_to_render] < 0.250);
  // Ann's part of it stands still for three seconds, Cleo's does not.
  CHECK(annToBen.totals[MetricId::video_freeze_duration] > 2.5);
  CHECK(cleoToBen.totals[MetricId::video_freeze_duration] == 0);
  // Forwarded, it is quicker.
  const metrics::RunRecord forwarded = call("not-composed", video);
  CHECK(streamOf(forwarded, "cleo", "ben", "video").totals[MetricId::video_capture_to_render] <
        cleoToBen.totals[MetricId::video_capture_to_render] - 0.020);
}

TEST_CASE("A mixer does not compose a screen that is shared") {
  const std::string faults = testing::faultsOf("mixed-screen", R"(scenario: mixed-screen
topology: {sites: {hq: {}, branch: {}}}
calls: [{name: g, kind: group, participants: [ann@hq, ben@branch], mode: mcu, share: {}}]
)");
  CHECK(faults.find("mcu composes cameras only") != std::string::npos);
  CHECK(faults.find("write sfu, or leave out share") != std::string::npos);
}

TEST_CASE("Sound that is not sent on, as others are louder, is missed by nobody") {
  // Three take turns, one after the other is heard, for a second or more each. Nothing is lost on
  // these lines: what is made up is at most what NetEq needs to begin again with, some 20 ms each
  // time.
  const metrics::RunRecord record =
      call("few", "duration: 30 s, audio: {talk: conversation}, layout: {speakers: 1}");
  for (const StreamRecord& stream : record.streams) {
    INFO(stream.to);
    CHECK(stream.from == metrics::kOthers);
    CHECK(stream.totals[MetricId::audio_packets_received] > 100);
    CHECK(stream.totals[MetricId::audio_concealed_ratio] < 0.005);
    CHECK(stream.totals[MetricId::audio_longest_interruption] <= 0.06);
  }
  CHECK(record.streams.size() == 3);
}

}  // namespace callflow
