// Whole calls with each thing that a sender of audio can do, counted against figures worked out by
// hand.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <span>
#include <string>

#include "models/media/opus_sizes.h"
#include "src/sim/run.h"
#include "src/topology/load.h"
#include "tests/support/scenarios.h"

namespace callflow {
namespace {

using metrics::MetricId;
using metrics::StreamRecord;

// Two participants and 15 ms between them, nothing random but what `access` adds.
std::string written(const std::string& name, const std::string& duration, const std::string& audio,
                    const std::string& access) {
  const std::string path = CALLFLOW_TEST_DIR "/" + name + ".yaml";
  std::ofstream(path) << "scenario: " << name
                      << R"(
topology:
  sites: {office: {location: westeurope, access: {rate: unlimited, delay: 5 ms)" +
                             access + R"(}, uplink: {rate: unlimited, delay: 0 ms}}}
  remote: {home: {location: westeurope, access: {rate: unlimited, delay: 0 ms},
                  uplink: {rate: unlimited, delay: 0 ms}}}
  internet: {minimum-delay: 10 ms, jitter: 0 ms}
warm-up: 0 s
runs: 1
calls: [{name: chat, clocks: ideal, participants: [alice@office, bob@home], duration: )" +
                             duration + ", audio: {" + audio + "}}]\n";
  return path;
}

metrics::RunRecord call(const std::string& name, const std::string& duration,
                        const std::string& audio, const std::string& access = "") {
  const std::string path = written(name, duration, audio, access);
  return testing::simulated(testing::loadedScenario(path));
}

TEST_CASE("Recorded sizes may be asked for at the rates that were recorded, and at no other") {
  for (int rate = 6; rate <= 130; ++rate) {
    INFO(rate);
    const std::string audio = "sizes: libopus, bitrate: " + std::to_string(rate) + " kbit/s";
    Diagnostics diagnostics;
    const auto scenario =
        topology::loadScenario(written("recorded", "1 s", audio, ""), diagnostics);
    CHECK(scenario.has_value() == !media::recordedOpusSizes(DataRate::kbps(rate)).empty());
  }
}

TEST_CASE("With a copy in the next packet, two losses in a row are needed to lose a frame") {
  const std::string audio = "jitter-buffer: {kind: fixed, delay: 60 ms}, red: true";
  const metrics::RunRecord record = call("red", "2000 s", audio, ", loss: 2%");
  // Two streams of 100,000 packets. A frame is missing if its own packet and the next one are lost:
  // p^2 = 0.04 % of the frames, 80. Neighbouring frames share a packet, so the variance is
  // N p^2 (1 + 2p - 3p^2) = 83.1, the standard deviation 9.1: 99 % of such calls miss 57 to 103.
  double lost = 0;
  double missing = 0;
  REQUIRE(record.streams.size() == 2);
  for (const StreamRecord& stream : record.streams) {
    CHECK(stream.totals[MetricId::audio_packets_sent] == 100'000);
    lost += stream.totals[MetricId::audio_packets_lost];
    missing += stream.totals[MetricId::audio_concealed_ratio] * 100'000;
  }
  CHECK(missing >= 57);
  CHECK(missing <= 103);
  // 4,000 packets, the standard deviation sqrt(200,000 x 0.02 x 0.98) = 62.6.
  CHECK(std::abs(lost - 4000) < 2.58 * 62.6);
}

TEST_CASE("A stream is scored as its codec, on the scale of the codec's band") {
  struct Row {
    const char* codec;
    const char* scale;
    double r;  // without delay: the best of the scale less the codec's impairment
    double lookahead;
  };
  // G.107's best is 93.206; G.107.1's 129 and G.722's impairment 13; G.107.2's 148 and that of Opus
  // at 31 and 34 kbit/s 16.8287 and 14.7589, a third of the way: 16.1388.
  for (const Row& row :
       {Row{"pcmu", "narrowband", 93.206, 0.00375}, Row{"pcma", "narrowband", 93.206, 0.00375},
        Row{"g722", "wideband", 116, 0.001375}, Row{"opus", "fullband", 148 - 16.1388, 0.0065}}) {
    INFO(row.codec);
    const std::string codec = std::string("codec: ") + row.codec;
    const metrics::RunRecord record =
        call("codec", "5 s", codec + ", jitter-buffer: {kind: fixed, delay: 20 ms}");
    const StreamRecord& stream = record.streams.at(0);
    CHECK(stream.codec == row.codec);
    CHECK(stream.mosScale == row.scale);
    CHECK(stream.totals[MetricId::audio_r_factor_listening] == Approx(row.r).margin(0.001));
    // A frame of 20 ms, the encoder's look-ahead, 15 ms of network, 20 ms of buffer.
    CHECK(stream.totals[MetricId::audio_mouth_to_ear_delay] == Approx(0.055 + row.lookahead));
    CHECK(stream.totals[MetricId::audio_packets_sent] == 250);
  }
}

TEST_CASE("Packets of any codec carry as much sound as was asked for") {
  for (const char* const audio : {"codec: pcmu, frame: 30 ms", "codec: g722, frame: 60 ms",
                                  "codec: pcma, frame: 10 ms", "frame: 120 ms"}) {
    INFO(audio);
    const metrics::RunRecord record = call("frame", "6 s", audio);
    const std::string text = audio;
    const int length = std::stoi(text.substr(text.find("frame: ") + 7));
    for (const StreamRecord& stream : record.streams) {
      CHECK(stream.totals[MetricId::audio_packets_sent] == 6000 / length);
      CHECK(stream.totals[MetricId::audio_concealed_ratio] == 0);
    }
  }
}

TEST_CASE("A pause that DTX announced is neither loss nor concealment") {
  for (const std::string buffer : {"fixed", "adaptive", "neteq"}) {
    INFO(buffer);
    const metrics::RunRecord record =
        call("dtx", "2000 s",
             "dtx: true, talk: conversation, jitter-buffer: {kind: " + buffer + ", delay: 40 ms}");
    double packets = 0;
    for (const StreamRecord& stream : record.streams) {
      CHECK(stream.totals[MetricId::audio_packets_lost] == 0);
      CHECK(stream.totals[MetricId::audio_packets_discarded] == 0);
      CHECK(stream.totals[MetricId::audio_concealed_ratio] == 0);
      CHECK(stream.totals[MetricId::audio_silent_concealed_ratio] == 0);
      CHECK(stream.totals[MetricId::audio_interruptions] == 0);
      packets += stream.totals[MetricId::audio_packets_sent];
    }
    // Of a spurt (1.004 s) and a pause (1.587 s) are sent: the spurt, the first 0.2 s of the pause
    // or all of it, 1.587 (1 - exp(-0.2 / 1.587)) = 0.188 s in the mean, both 50 times a second,
    // and in what is left exp(-0.126) / (1 - exp(-0.4 / 1.587)) = 3.96 packets: 63.5 in 2.591
    // s, 24.5 a second instead of 50. Speech's share of 2000 s has the standard deviation 1.2 %,
    // 0.6 packets a second.
    CHECK(std::abs(packets / 2 / 2000 - 24.5) < 2.58 * 0.6);
  }
}

TEST_CASE("In-band FEC leaves the gaps between words, and two losses in a row") {
  const std::string audio = "jitter-buffer: {kind: fixed, delay: 60 ms}";
  const metrics::RunRecord record = call("fec", "2000 s", audio, ", loss: 5%");
  const std::span<const std::uint8_t> speech = media::recordedSpeech();
  const double covered = static_cast<double>(std::count(speech.begin(), speech.end(), 1)) /
                         static_cast<double>(speech.size());
  // A frame stays lost if it lies between words or the next packet is lost as well: 5 % x
  // (1 - 0.84 x 0.95) = 1.01 %. 1,011 of 100,000 frames, standard deviation 33 to 35 as neighbours
  // share packets: 0.035 %. Without FEC are the first seconds, until a report came: 4 % more of
  // some 5 to 10 of 2000 s.
  const double left = 0.05 * (1 - covered * 0.95);
  REQUIRE(record.streams.size() == 2);
  for (const StreamRecord& stream : record.streams) {
    CHECK(std::abs(stream.totals[MetricId::audio_concealed_ratio] - left) <
          2.58 * 0.00035 + 0.0002);
  }
  // 24 kbit/s are not enough for it up to 5 %.
  const metrics::RunRecord narrow =
      call("no-fec", "500 s", audio + ", bitrate: 24 kbit/s", ", loss: 1%");
  for (const StreamRecord& stream : narrow.streams) {
    CHECK(stream.totals[MetricId::audio_fec_packets_received] == 0);
  }
}

TEST_CASE("Speech alone is what a call with DTX is scored by") {
  const std::string rest =
      "talk: conversation, fec: off, jitter-buffer: {kind: fixed, delay: 60 ms}";
  const metrics::RunRecord dtx = call("dtx-loss", "2000 s", "dtx: true, " + rest, ", loss: 5%");
  for (const StreamRecord& stream : dtx.streams) {
    // 49,000 packets: 99 % of such calls lose 5 % +- 2.58 sqrt(0.05 x 0.95 / 49,000) = 0.25 %.
    CHECK(std::abs(stream.totals[MetricId::audio_lost_ratio] - 0.05) < 0.0025);
    CHECK(stream.totals[MetricId::audio_packets_discarded] == 0);
    // A lost packet costs a frame, but the first of a pause is missed until the next comes, 0.4 s
    // later, or the pause is over: 1.587 (1 - exp(-0.4 / 1.587)) = 0.353 s in the mean. In a spurt
    // and its pause, 63.5 packets, 0.88 of which are that first one: 0.05 x (63.5 x 0.02 + 0.88 x
    // 0.353 / 0.95) = 0.080 s are concealed and 1.207 s played, 6.2 %. Such pauses come 34 times in
    // the call: standard deviation 0.25 %.
    CHECK(std::abs(stream.totals[MetricId::audio_concealed_ratio] - 0.062) < 2.58 * 0.0025);
  }
}

}  // namespace
}  // namespace callflow
