#include <catch2/catch.hpp>
#include <vector>

#include "models/video_receiver/frame_assembly.h"
#include "models/video_receiver/frame_buffer.h"
#include "tests/models/video_receiver_support.h"

using namespace callflow;
using namespace callflow::video_receiver;
using Inserted = FrameBuffer::Inserted;

TEST_CASE("A frame is complete when all of its packets are there, in any order") {
  FrameAssembly assembly;
  const std::vector<Packet> key = packetsOf(7, 100, 3, kNoFrame);
  CHECK(assembly.insert(key[2], 0, at(10)).frame == nullptr);
  CHECK(assembly.insert(key[0], 0, at(11)).frame == nullptr);
  CHECK(assembly.insert(key[0], 0, at(12)).frame == nullptr);  // again
  const Frame* const frame = assembly.insert(key[1], 2, at(30)).frame;
  REQUIRE(frame != nullptr);
  CHECK(frame->number == 7);
  CHECK(frame->key);
  CHECK(frame->lastSequence == 102);
  CHECK(frame->size == DataSize::bytes(3000));
  CHECK(frame->firstArrival == at(10));
  CHECK(frame->lastArrival == at(30));
  CHECK(frame->retransmitted);
  CHECK(frame->width == 640);
}

TEST_CASE("A frame needs nothing of the frames before it to be complete") {
  FrameAssembly assembly;
  const std::vector<Packet> earlier = packetsOf(1, 0, 2, 0);
  const std::vector<Packet> later = packetsOf(2, 2, 2, 1);
  CHECK(assembly.insert(later[0], 0, at(0)).frame == nullptr);
  CHECK(assembly.insert(earlier[1], 0, at(1)).frame == nullptr);
  REQUIRE(assembly.insert(later[1], 0, at(2)).frame != nullptr);
  const Frame* const frame = assembly.insert(earlier[0], 0, at(3)).frame;
  REQUIRE(frame != nullptr);
  CHECK(frame->number == 1);
  CHECK_FALSE(frame->retransmitted);
}

TEST_CASE("Packets of what was decoded are not taken again") {
  FrameAssembly assembly;
  const std::vector<Packet> done = packetsOf(1, 0, 1, 0);
  CHECK(assembly.insert(done[0], 0, at(0)).frame != nullptr);
  assembly.clearUpTo(0);
  CHECK(assembly.insert(done[0], 1, at(1)).frame == nullptr);
}

TEST_CASE("2048 packets of incomplete frames are held") {
  FrameAssembly assembly;
  // Frames of two packets, the first of which never comes: 1, 3, 5, ...
  for (std::int64_t frame = 0; frame < 1024; ++frame)
    CHECK_FALSE(assembly.insert(packetsOf(frame, 2 * frame, 2, frame - 1)[1], 0, at(0)).overflow);
  SECTION("the 2048th after the first takes its place") {
    CHECK(assembly.insert(packetsOf(1024, 2048, 2, 1023)[1], 0, at(1)).overflow);
    // All is forgotten: what was held may come anew.
    CHECK(assembly.insert(packetsOf(0, 0, 2, -1)[0], 0, at(2)).frame == nullptr);
    CHECK(assembly.insert(packetsOf(0, 0, 2, -1)[1], 0, at(2)).frame != nullptr);
  }
  SECTION("unless that is of no use any more") {
    assembly.clearUpTo(1);
    CHECK_FALSE(assembly.insert(packetsOf(1024, 2048, 2, 1023)[1], 0, at(1)).overflow);
    CHECK(assembly.insert(packetsOf(1025, 2050, 2, 1024)[1], 0, at(1)).overflow);
  }
}

TEST_CASE("Frames are decodable one after the other") {
  FrameBuffer buffer;
  CHECK(buffer.insert(frameOf(11, 10)) == Inserted::waiting);
  CHECK(buffer.next() == nullptr);
  CHECK_FALSE(buffer.continuousUpTo());
  CHECK(buffer.insert(frameOf(10, kNoFrame)) == Inserted::continuous);
  CHECK(buffer.continuous() == 2);
  CHECK(buffer.continuousUpTo() == 119);
  // 11 is continuous, but 10 is not decoded yet.
  REQUIRE(buffer.next() != nullptr);
  CHECK(buffer.next()->number == 10);
  CHECK(buffer.last()->number == 10);
  CHECK(buffer.take().number == 10);
  CHECK(buffer.next()->number == 11);
  CHECK(buffer.take().number == 11);
  CHECK(buffer.next() == nullptr);
  CHECK(buffer.dropped() == 0);
  CHECK(buffer.insert(frameOf(11, 10)) == Inserted::refused);
}

TEST_CASE("A lost frame of the highest temporal layer holds up none but itself") {
  // Layers 0 2 1 2: 21 is lost.
  FrameBuffer buffer;
  buffer.insert(frameOf(20, kNoFrame));
  buffer.take();
  CHECK(buffer.insert(frameOf(22, 20)) == Inserted::continuous);
  CHECK(buffer.insert(frameOf(23, 22)) == Inserted::continuous);
  CHECK(buffer.next()->number == 22);
  CHECK(buffer.last()->number == 22);
  CHECK(buffer.take().number == 22);
  CHECK(buffer.insert(frameOf(21, 20)) == Inserted::refused);  // 22 was shown
  CHECK(buffer.take().number == 23);
}

TEST_CASE("A key frame leaves behind what waits for a lost frame") {
  FrameBuffer buffer;
  buffer.insert(frameOf(0, kNoFrame));
  buffer.take();
  buffer.insert(frameOf(2, 1));
  buffer.insert(frameOf(3, 2));
  CHECK(buffer.next() == nullptr);
  CHECK(buffer.insert(frameOf(4, kNoFrame)) == Inserted::continuous);
  CHECK(buffer.take().number == 4);
  CHECK(buffer.dropped() == 2);
  CHECK(buffer.size() == 0);
}

TEST_CASE("Frames that are decodable are dropped from the first to the last") {
  FrameBuffer buffer;
  buffer.insert(frameOf(0, kNoFrame));
  buffer.take();
  buffer.insert(frameOf(1, 0));
  buffer.insert(frameOf(2, 0));
  CHECK(buffer.next()->number == 1);
  CHECK(buffer.last()->number == 2);
  buffer.dropNext();
  CHECK(buffer.dropped() == 1);
  CHECK(buffer.next()->number == 2);
}

TEST_CASE("800 frames wait; then only a key frame finds room") {
  FrameBuffer buffer;
  for (std::int64_t number = 1; number <= 800; ++number)
    CHECK(buffer.insert(frameOf(number, number - 1)) == Inserted::waiting);
  CHECK(buffer.insert(frameOf(801, 800)) == Inserted::refused);
  CHECK(buffer.insert(frameOf(802, kNoFrame)) == Inserted::continuous);
  CHECK(buffer.size() == 1);
  CHECK(buffer.dropped() == 800);
}

TEST_CASE("It is known of 8192 frames whether they were decoded") {
  FrameBuffer buffer;
  buffer.insert(frameOf(0, kNoFrame));
  buffer.take();
  buffer.insert(frameOf(8191, kNoFrame));
  buffer.take();
  CHECK(buffer.insert(frameOf(8192, 0)) == Inserted::continuous);
  buffer.insert(frameOf(8193, kNoFrame));
  buffer.take();
  buffer.take();
  CHECK(buffer.insert(frameOf(8194, 0)) == Inserted::waiting);
}
