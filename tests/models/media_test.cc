#include <catch2/catch.hpp>
#include <stdexcept>
#include <utility>

#include "models/media/audio_source.h"
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
      {DataSize::bytes(1200) + wire::srtpTag, 1238, 1242, 1276, 1264, 1268},  // video, 1200 of RTP
  };
  for (const Row& row : rows) {
    INFO("SRTP " << row.srtp.count());
    CHECK(ipBytes(Encapsulation::udp, row.srtp) == row.udp);
    CHECK(ipBytes(Encapsulation::turn_udp, row.srtp) == row.turnUdp);
    CHECK(ipBytes(Encapsulation::turn_udp_indication, row.srtp) == row.indication);
    CHECK(ipBytes(Encapsulation::ice_tcp, row.srtp) == row.iceTcp);
    CHECK(ipBytes(Encapsulation::turn_tcp, row.srtp) == row.turnTcp);
  }
}

TEST_CASE("Messages are padded to 4 bytes over TCP ChannelData only") {
  for (std::int64_t size = 97; size <= 100; ++size) {
    const DataSize srtp = DataSize::bytes(size);
    CHECK(messageSize(Encapsulation::udp, srtp).count() == size);
    CHECK(messageSize(Encapsulation::turn_udp, srtp).count() == size + 4);
    CHECK(messageSize(Encapsulation::ice_tcp, srtp).count() == size + 2);
    CHECK(messageSize(Encapsulation::turn_tcp, srtp).count() == 104);
    CHECK(messageSize(Encapsulation::turn_udp_indication, srtp).count() == 136);
  }
  CHECK(messageSize(Encapsulation::turn_tcp, DataSize::bytes(101)).count() == 108);
  CHECK(overTcp(Encapsulation::ice_tcp));
  CHECK(overTcp(Encapsulation::turn_tcp));
  CHECK_FALSE(overTcp(Encapsulation::turn_udp));
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
    CHECK(ipBytes(Encapsulation::turn_tcp, source.srtpPacketSize()) == 256);
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
  const AudioSource source{DataRate::kbps(32), Duration::ms(20)};
  CHECK(source.redundant());
  CHECK(source.redPacketSize(true).count() == 12 + 16 + 4 + 80 + 1 + 80 + 10);
  CHECK(source.redPacketSize(false).count() == 12 + 16 + 1 + 80 + 10);
  // 5 + 2 x 597 = 1199 B is the last that fits 1200 B: 238.8 kbit/s at 20 ms.
  CHECK(AudioSource(DataRate::bitsPerSecond(238'800), Duration::ms(20)).redundant());
  CHECK_FALSE(AudioSource(DataRate::bitsPerSecond(239'200), Duration::ms(20)).redundant());
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
