#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/media/audio_sender.h"
#include "models/media/audio_source.h"
#include "models/media/conversation.h"
#include "models/media/opus_sizes.h"
#include "models/media/wire.h"

using namespace callflow;
using namespace callflow::media;

namespace {

std::int64_t ipBytes(Encapsulation encapsulation, DataSize srtp) {
  return ipSize(encapsulation, srtp).count();
}

}  // namespace

TEST_CASE("IP sizes of media packets in every encapsulation") {
  // Opus 24 kbit/s: 60 of payload + 12 RTP + 16 extensions + 10 tag = 98. Over UDP 98 + 8 + 20;
  // ChannelData adds 4; an indication 36 and 2 of padding; RFC 4571 over TCP 98 + 2 + 32 + 20;
  // ChannelData over TCP 4 + 98 + 2 + 32 + 20.
  struct Row {
    DataSize srtp;
    std::int64_t udp, turnUdp, indication, iceTcp, turnTcp;
  };
  const auto opus = [](std::int64_t kbps) {
    return AudioSource{DataRate::kbps(kbps), Duration::ms(20)}.srtpPacketSize();
  };
  const Row rows[] = {
      {opus(24), 126, 130, 164, 152, 156},
      {opus(32), 146, 150, 184, 172, 176},
      {opus(64), 226, 230, 264, 252, 256},
      {DataSize::bytes(1200) + wire::kSrtpTag, 1238, 1242, 1276, 1264, 1268},  // video, 1200 of RTP
  };
  for (const Row& row : rows) {
    INFO("SRTP " << row.srtp.count());
    CHECK(ipBytes(Encapsulation::udp, row.srtp) == row.udp);
    CHECK(ipBytes(Encapsulation::turnUdp, row.srtp) == row.turnUdp);
    CHECK(ipBytes(Encapsulation::turnUdpIndication, row.srtp) == row.indication);
    CHECK(ipBytes(Encapsulation::iceTcp, row.srtp) == row.iceTcp);
    CHECK(ipBytes(Encapsulation::turnTcp, row.srtp) == row.turnTcp);
  }
}

TEST_CASE("Messages are padded to 4 bytes over TCP ChannelData only") {
  for (std::int64_t size = 97; size <= 100; ++size) {
    const DataSize srtp = DataSize::bytes(size);
    CHECK(messageSize(Encapsulation::udp, srtp).count() == size);
    CHECK(messageSize(Encapsulation::turnUdp, srtp).count() == size + 4);
    CHECK(messageSize(Encapsulation::iceTcp, srtp).count() == size + 2);
    CHECK(messageSize(Encapsulation::turnTcp, srtp).count() == 104);
    CHECK(messageSize(Encapsulation::turnUdpIndication, srtp).count() == 136);
  }
  CHECK(messageSize(Encapsulation::turnTcp, DataSize::bytes(101)).count() == 108);
  CHECK(overTcp(Encapsulation::iceTcp));
  CHECK(overTcp(Encapsulation::turnTcp));
  CHECK_FALSE(overTcp(Encapsulation::turnUdp));
}

TEST_CASE("Opus frames have bit rate times duration") {
  // Bytes in 20 ms = bit rate / 400.
  const std::pair<int, int> rows[] = {{12, 30}, {16, 40}, {24, 60}, {32, 80}, {48, 120}, {64, 160}};
  for (const auto& [kbps, bytes] : rows) {
    CHECK(AudioSource(DataRate::kbps(kbps), Duration::ms(20)).payloadSize().count() == bytes);
  }
  // 25 kbit/s: 62.5 bytes, rounded up; 24.9 kbit/s: 62.25, rounded down.
  CHECK(AudioSource(DataRate::kbps(25), Duration::ms(20)).payloadSize().count() == 63);
  CHECK(AudioSource(DataRate::bitsPerSecond(24'900), Duration::ms(20)).payloadSize().count() == 62);
  CHECK(AudioSource(DataRate::kbps(32), Duration::ms(60)).payloadSize().count() == 240);
  CHECK(AudioSource(DataRate::kbps(510), Duration::ms(20)).payloadSize().count() == 1275);
  const AudioSource bare{DataRate::kbps(32), Duration::ms(20), DataSize{}};
  CHECK(bare.srtpPacketSize().count() == 12 + 80 + 10);
}

TEST_CASE("G.711 and G.722 send 160 bytes in 20 ms, on a clock of 8 kHz") {
  for (const AudioCodec codec : {AudioCodec::pcmu, AudioCodec::pcma, AudioCodec::g722}) {
    // The rate asked for is Opus' own business.
    const AudioSource source{{.codec = codec, .bitrate = DataRate::kbps(12)}};
    CHECK(source.bitrate() == DataRate::kbps(64));
    CHECK(source.payloadSize().count() == 160);
    CHECK(source.srtpPacketSize().count() == 12 + 16 + 160 + 10);
    CHECK(ipBytes(Encapsulation::udp, source.srtpPacketSize()) == 226);
    CHECK(ipBytes(Encapsulation::turnTcp, source.srtpPacketSize()) == 256);
    CHECK(source.clockRate() == 8000);
    CHECK(source.timestampOffset(1) == 160);
    CHECK(source.timestampOffset(50) == 8000);
    const AudioSource longer{{.codec = codec, .frame = Duration::ms(30)}};
    CHECK(longer.payloadSize().count() == 240);
    CHECK(longer.timestampOffset(1) == 240);
    CHECK_THROWS_AS(AudioSource({.codec = codec, .frame = Duration::ms(120)}),
                    std::invalid_argument);
    CHECK_THROWS_AS(AudioSource({.codec = codec, .frame = Duration::ms(5)}), std::invalid_argument);
  }
  const AudioSource opus{{.frame = Duration::ms(120)}};
  CHECK(opus.clockRate() == 48'000);
  CHECK(opus.payloadSize().count() == 480);
  CHECK(opus.timestampOffset(1) == 5760);
}

TEST_CASE("A RED packet has the frame before its own and five bytes of headers") {
  AudioSender sender{AudioSource{DataRate::kbps(32), Duration::ms(20)}, {.red = true}, 0};
  const auto first = sender.next(true, false);
  CHECK_FALSE(first->carriesPrevious);
  CHECK(first->size.count() == 12 + 16 + 1 + 80 + 10);
  const auto second = sender.next(true, false);
  CHECK(second->carriesPrevious);
  CHECK(second->size.count() == 12 + 16 + 4 + 80 + 1 + 80 + 10);
  // 5 + 2 x 597 = 1199 B is the last that fits 1200 B: 238.8 kbit/s at 20 ms.
  for (const auto& [rate, fits] : {std::pair(238'800, true), std::pair(239'200, false)}) {
    AudioSender large{
        AudioSource{DataRate::bitsPerSecond(rate), Duration::ms(20)}, {.red = true}, 0};
    large.next(true, false);
    CHECK(large.next(true, false)->carriesPrevious == fits);
  }
}

TEST_CASE("At a variable rate sizes spread about the rate that was asked for") {
  AudioSender sender{AudioSource{{}}, {.rateControl = RateControl::vbr}, 0};
  constexpr int frames = 20'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < frames; ++i) {
    const auto payload = static_cast<double>(sender.next(true, false)->size.count() - 38);
    CHECK((payload >= 52 && payload <= 108));
    sum += payload;
    squares += payload * payload;
  }
  // Even between 52 and 108 B: mean 80, standard deviation 56 / sqrt(12) = 16.166, so the mean of
  // 20,000 has 0.1143, and lies within 2.576 of these in 99 % of all cases.
  CHECK(std::abs(sum / frames - 80) < 0.2945);
  // The fourth central moment of an even spread is 56^4 / 80: the variance, 261.3, has the standard
  // deviation sqrt((122,931 - 68,295) / 20,000) = 1.653.
  CHECK(std::abs(squares / frames - sum / frames * sum / frames - 261.3) < 2.576 * 1.653 + 0.1);
  // Two fifths of the mean where nobody speaks.
  CHECK(sender.next(false, false)->size.count() == 38 + 32);
  // A frame has at most 1275 B (RFC 6716 3.2.1): 480 kbit/s, 1200 B, spread by 75 B.
  AudioSender large{
      AudioSource{DataRate::kbps(480), Duration::ms(20)}, {.rateControl = RateControl::vbr}, 0};
  double total = 0;
  for (int i = 0; i < frames; ++i) {
    const auto payload = static_cast<double>(large.next(true, false)->size.count() - 38);
    CHECK((payload >= 1125 && payload <= 1275));
    total += payload;
  }
  CHECK(std::abs(total / frames - 1200) < 2.576 * 150 / std::sqrt(12.0 * frames));
}

TEST_CASE("At a constant rate, and with other codecs, all packets are alike") {
  AudioSender opus{AudioSource{{}}, {}, 0};
  AudioSender phone{
      AudioSource{{.codec = AudioCodec::pcmu}}, {RateControl::vbr, Sizes::libopus, true, true}, 0};
  for (int i = 0; i < 100; ++i) {
    CHECK(opus.next(i % 30 < 15, false)->size.count() == 118);
    CHECK(phone.next(i % 30 < 15, false)->size.count() == 198);
  }
}

TEST_CASE("Recorded sizes are those of the file, over and over from some place on") {
  std::ifstream file(CALLFLOW_SOURCE_DIR "/models/media/data/opus-24.csv");
  std::vector<std::int64_t> recorded;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("//", 0) != 0) recorded.push_back(std::stoll(line));
  }
  REQUIRE(recorded.size() > 500);
  const AudioSource source{DataRate::kbps(24), Duration::ms(20)};
  AudioSender sender{source, {.rateControl = RateControl::vbr, .sizes = Sizes::libopus}, 0};
  std::vector<std::int64_t> sent;
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    sent.push_back(sender.next(true, false)->size.count() - 38);
  }
  for (std::size_t i = 0; i < recorded.size(); ++i) {  // and once more
    CHECK(sender.next(true, false)->size.count() - 38 == sent[i]);
  }
  const auto begins = [&](std::size_t at) {
    for (std::size_t i = 0; i < sent.size(); ++i) {
      if (sent[i] != recorded[(at + i) % recorded.size()]) return false;
    }
    return true;
  };
  int places = 0;
  for (std::size_t at = 0; at < recorded.size(); ++at) places += begins(at);
  CHECK(places == 1);
  CHECK_THROWS_AS(AudioSender(AudioSource{DataRate::kbps(25), Duration::ms(20)},
                              {.rateControl = RateControl::vbr, .sizes = Sizes::libopus}, 0),
                  std::invalid_argument);
}

TEST_CASE("In-band FEC covers words, not the gaps between them") {
  const std::span<const std::uint8_t> speech = recordedSpeech();
  const auto covers = static_cast<double>(std::count(speech.begin(), speech.end(), 1));
  AudioSender sender{AudioSource{{}}, {}, 7};
  std::vector<AudioPacket> packets;
  for (std::size_t i = 0; i < speech.size() + 1; ++i) packets.push_back(*sender.next(true, true));
  CHECK_FALSE(packets.front().carriesPrevious);  // there is none
  int carried = 0;
  for (std::size_t i = 1; i < packets.size(); ++i) {
    CHECK(packets[i].carriesPrevious == !packets[i - 1].quiet);
    carried += packets[i].carriesPrevious ? 1 : 0;
  }
  CHECK(carried == covers);  // the whole of what was recorded, from a drawn place on
  // Nobody speaks: nothing to cover; the first packet of speech after that neither.
  sender.next(false, true);
  CHECK_FALSE(sender.next(false, true)->carriesPrevious);
  CHECK(sender.next(false, true)->quiet);
  CHECK_FALSE(sender.next(true, true)->carriesPrevious);

  AudioSender synthetic{AudioSource{{}}, {.content = Content::synthetic}, 7};
  synthetic.next(true, true);
  for (int i = 0; i < 1000; ++i) {
    const auto packet = synthetic.next(true, true);
    CHECK(packet->carriesPrevious);
    CHECK_FALSE(packet->quiet);
  }
  // Three frames of 20 ms in a packet: covered if one of them is.
  AudioSender longer{AudioSource{{.frame = Duration::ms(60)}}, {}, 7};
  int quiet = 0;
  for (std::size_t i = 0; i < speech.size(); ++i) quiet += longer.next(true, true)->quiet ? 1 : 0;
  CHECK(quiet > 0);
  CHECK(quiet < static_cast<int>(static_cast<double>(speech.size()) - covers));
}

TEST_CASE("Recorded sizes are others while in-band FEC is in force") {
  const AudioSource source{DataRate::kbps(32), Duration::ms(20)};
  const SendMode mode{.rateControl = RateControl::vbr, .sizes = Sizes::libopus};
  AudioSender without{source, mode, 3};
  AudioSender with{source, mode, 3};
  std::vector<std::int64_t> sizes[2];
  for (std::size_t i = 0; i < recordedSpeech().size(); ++i) {
    sizes[0].push_back(without.next(true, false)->size.count() - 38);
    sizes[1].push_back(with.next(true, true)->size.count() - 38);
  }
  for (const bool fec : {false, true}) {
    const auto recorded =
        fec ? recordedOpusSizesWithFec(source.bitrate()) : recordedOpusSizes(source.bitrate());
    std::vector<std::int64_t> all(recorded.begin(), recorded.end());
    std::sort(all.begin(), all.end());
    std::sort(sizes[fec].begin(), sizes[fec].end());
    CHECK(sizes[fec] == all);
  }
  CHECK(sizes[0] != sizes[1]);
}

TEST_CASE("DTX sends a packet of one byte in 400 ms") {
  AudioSender sender{AudioSource{{}}, {.dtx = true, .content = Content::synthetic}, 0};
  // A second of speech: 50 packets, the first of them marked.
  for (int i = 0; i < 50; ++i) {
    const auto packet = sender.next(true, true);
    REQUIRE(packet);
    CHECK(packet->marker == (i == 0));
    CHECK(packet->carriesPrevious == (i > 0));
  }
  // Three seconds without, 150 frames: 10 go on as before; of the other 140 the 1st, 21st, 41st,
  // 61st, 81st, 101st and 121st leave.
  int whole = 0;
  int noise = 0;
  for (int i = 0; i < 150; ++i) {
    const auto packet = sender.next(false, true);
    if (!packet) continue;
    CHECK(packet->comfortNoise == (i >= 10));
    CHECK_FALSE(packet->marker);
    (packet->comfortNoise ? noise : whole) += 1;
    if (packet->comfortNoise) {
      CHECK(packet->size.count() == 12 + 16 + 1 + 10);
      CHECK((i - 10) % 20 == 0);
      CHECK_FALSE(packet->carriesPrevious);
    }
  }
  CHECK(whole == 10);
  CHECK(noise == 7);
  const auto again = sender.next(true, true);
  REQUIRE(again);
  CHECK(again->marker);
  CHECK_FALSE(again->carriesPrevious);  // the frame before was not sent
  CHECK(sender.next(true, true)->carriesPrevious);
}

TEST_CASE("Speech right after a packet of comfort noise is the first after the pause") {
  for (const bool red : {false, true}) {
    AudioSender sender{
        AudioSource{{}}, {.dtx = true, .red = red, .content = Content::synthetic}, 0};
    for (int i = 0; i < 10; ++i) sender.next(false, true);
    const auto noise = sender.next(false, true);
    REQUIRE(noise);
    REQUIRE(noise->comfortNoise);
    const auto speech = sender.next(true, true);
    REQUIRE(speech);
    CHECK(speech->marker);
    CHECK_FALSE(speech->carriesPrevious);  // there was nothing but noise
    CHECK(sender.next(true, true)->carriesPrevious);
  }
}

TEST_CASE("DTX counts time, not frames") {
  AudioSender sender{AudioSource{{.frame = Duration::ms(60)}}, {.dtx = true}, 0};
  // 4 frames of 60 ms are the first 200 ms; then one in 7, which is the first at or after 400 ms.
  std::vector<int> sent;
  for (int i = 0; i < 20; ++i) {
    if (sender.next(false, false)) sent.push_back(i);
  }
  CHECK(sent == std::vector<int>{0, 1, 2, 3, 4, 11, 18});
}

TEST_CASE("Two people take turns as in P.59") {
  Conversation conversation{2, 0};
  constexpr Duration step = Duration::ms(5);
  constexpr Duration length = Duration::s(20'000);
  std::int64_t alone = 0, both = 0, silence = 0, talking = 0, spurts = 0;
  bool before = false;
  for (Duration time; time < length; time += step) {
    const bool first = conversation.talks(0, time);
    const bool second = conversation.talks(1, time);
    (first && second ? both : first || second ? alone : silence) += 1;
    talking += first;
    spurts += first && !before;
    before = first;
  }
  const auto steps = static_cast<double>(length / step);
  const auto seconds = [&](std::int64_t count) { return static_cast<double>(count) * 0.005; };
  // The table: talk spurts of 1.004 s, pauses of 1.587 s, so 38.75 % of the time (38.53 % in the
  // table). With exponential times the share of T = 20,000 s has the variance 2 a (1 - a) t / T, t
  // = 1 / (1 / 1.004 + 1 / 1.587) = 0.615 s: standard deviation 0.38 %, 99 % within 0.98 %.
  const double activity = static_cast<double>(talking) / steps;
  CHECK(std::abs(activity - 0.3875) < 0.0098);
  CHECK(std::abs(activity - 0.3853) < 0.0098 + 0.0022);
  // 7,719 spurts, of which the mean has 1.004 / sqrt(7719) = 0.0114 s; the same for pauses.
  CHECK(std::abs(seconds(talking) / static_cast<double>(spurts) - 1.004) < 2.576 * 0.0114);
  CHECK(std::abs((20'000 - seconds(talking)) / static_cast<double>(spurts) - 1.587) <
        2.576 * 0.0181);
  // Double talk 6.59 %: in the same way with t = 0.228 x 0.934 s, standard deviation 0.11 %.
  CHECK(std::abs(static_cast<double>(both) / steps - 0.0659) < 2.576 * 0.0012);
  // What is left of the time: 1 - 2 x 38.75 % + 6.59 %, where the table has 22.48 %.
  CHECK(std::abs(static_cast<double>(silence) / steps - 0.2909) < 0.012);
}

TEST_CASE("In a larger conversation everybody has the same part, and two speak at most") {
  Conversation conversation{5, 1};
  std::array<std::int64_t, 5> talking{};
  constexpr int steps = 2'000'000;  // of 10 ms
  for (int i = 0; i < steps; ++i) {
    int together = 0;
    for (std::uint32_t who = 0; who < 5; ++who) {
      const bool talks = conversation.talks(who, Duration::ms(10) * i);
      talking[who] += talks;
      together += talks;
    }
    CHECK(together <= 2);
  }
  // 2 x 38.75 % / 5 of 20,000 s in spurts of a second: standard deviation below 0.4 %.
  for (const std::int64_t count : talking) {
    CHECK(std::abs(static_cast<double>(count) / steps - 0.155) < 2.8 * 0.004);
  }
  CHECK_THROWS_AS(Conversation(1, 0), std::invalid_argument);
}

TEST_CASE("Packets leave a frame apart, their timestamps in 48 kHz") {
  const AudioSource source{DataRate::kbps(32), Duration::ms(20)};
  CHECK(source.sendOffset(0) == Duration{});
  CHECK(source.sendOffset(3) == Duration::ms(60));
  CHECK(source.timestampOffset(1) == 960);
  CHECK(source.timestampOffset(50) == 48'000);
  CHECK(AudioSource(DataRate::kbps(32), Duration::us(2500)).timestampOffset(1) == 120);
  // 2^32 / 960 = 4473924.27: packet 4473925 wraps to 4473925 * 960 - 2^32 = 704.
  CHECK(source.timestampOffset(4'473'925) == 704);

  CHECK(source.packetsIn(Duration::s(1)) == 50);
  CHECK(source.packetsIn(Duration::ms(20)) == 1);
  CHECK(source.packetsIn(Duration::ms(21)) == 2);
  CHECK(source.packetsIn(Duration::ms(19)) == 1);
  CHECK(source.packetsIn(Duration{}) == 0);
}

TEST_CASE("Sources refuse what Opus cannot do") {
  CHECK_THROWS_AS(AudioSource(DataRate::kbps(5), Duration::ms(20)), std::invalid_argument);
  CHECK_THROWS_AS(AudioSource(DataRate::kbps(511), Duration::ms(20)), std::invalid_argument);
  CHECK_THROWS_AS(AudioSource(DataRate::kbps(32), Duration::ms(30)), std::invalid_argument);
}
