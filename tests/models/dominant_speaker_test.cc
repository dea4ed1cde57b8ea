// Who speaks in a call, by the levels of its packets.
#include <catch2/catch.hpp>

#include "models/conference/dominant_speaker.h"
#include "models/conference/loudest_speakers.h"

using namespace callflow;
using conference::activityScore;
using conference::AudioLevel;
using conference::DominantSpeaker;
using conference::LoudestSpeakers;
using conference::SpeechActivity;

namespace {

constexpr std::size_t kNobody = 99;
constexpr AudioLevel kSpeech = 101, kNoise = 47;  // -26 and -80 dBov

TimePoint ms(std::int64_t value) {
  return TimePoint::at(Duration::ms(value));
}

// Everybody sends a packet every 20 ms, and a decision is made every 300 ms.
class Meeting {
 public:
  explicit Meeting(std::size_t participants) : speakers(participants), levels_(participants) {}
  // Noise of all but `who`, up to `until`. Returns when somebody else was dominant, -1: never.
  std::int64_t speaks(std::size_t who, std::int64_t until) {
    std::int64_t changed = -1;
    for (; now_ < until; now_ += 20) {
      if (now_ % 300 == 0 && speakers.decide()) changed = now_;
      for (std::size_t i = 0; i < levels_; ++i)
        speakers.onLevel(i, i == who ? kSpeech : kNoise, ms(now_));
    }
    return changed;
  }
  DominantSpeaker speakers;

 private:
  std::size_t levels_;
  std::int64_t now_ = 0;
};

}  // namespace

TEST_CASE("activity scores are those of the binomial against noise", "[conference]") {
  // ln C(13, 10) = ln 286 = 5.6560; 13 ln 0.5 = -9.0109; -ln 0.78 = 0.2485; 0.78 * 10 = 7.8.
  CHECK(activityScore(10, 13, 0.78) == Approx(4.6936).epsilon(1e-4));
  // ln C(5, 5) = 0; 5 ln 0.5 = -3.4657; -ln 24 = -3.1781; 24 * 5 = 120.
  CHECK(activityScore(5, 5, 24) == Approx(113.3562).epsilon(1e-6));
  // ln 10 = 2.3026; 10 ln 0.5 = -6.9315; -ln 47 = -3.8501; 47.
  CHECK(activityScore(1, 10, 47) == Approx(38.5210).epsilon(1e-5));
  // -9.0109 + 0.2485 is below the least there is.
  CHECK(activityScore(0, 13, 0.78) == 1e-10);
}

TEST_CASE("speech is what stands out from the speaker's own noise by 10 dB", "[conference]") {
  SpeechActivity activity;
  CHECK(activity.add(50) == 0);  // the first is all that is known of noise
  CHECK(activity.add(59) == 0);
  CHECK(activity.add(60) == 60);
  CHECK(activity.add(40) == 0);
  CHECK(activity.add(50) == 50);  // noise is 40 now
  // After 15 s of 90, noise is the geometric mean of 40 and 50, the least since 40 came: 44.7.
  for (int i = 0; i < 749; ++i) activity.add(90);
  CHECK(activity.add(53) == 0);
  CHECK(activity.add(54) == 54);
}

TEST_CASE("a packet, a block of five and ten blocks count for themselves", "[conference]") {
  SpeechActivity activity;
  for (int i = 0; i < 45; ++i) activity.add(kNoise);
  for (int i = 0; i < 4; ++i) activity.add(kSpeech);
  CHECK(activity.scores().immediate == Approx(4.6936).epsilon(1e-4));
  // Four of five: ln 5 - 3.4657 - 3.1781 + 96 = 90.9657; no block is full.
  CHECK(activity.scores().medium == Approx(90.9657).epsilon(1e-6));
  CHECK(activity.scores().lasting == 1e-10);
  activity.add(kSpeech);
  CHECK(activity.scores().lasting == Approx(38.5210).epsilon(1e-5));
}

TEST_CASE("whoever speaks takes over when more of the last second is theirs", "[conference]") {
  Meeting meeting(3);
  meeting.speaks(kNobody, 100);
  CHECK(meeting.speaks(1, 300) == -1);
  CHECK_FALSE(meeting.speakers.dominant());
  // At 300 ms the first of all is nominated, and who speaks beats him at once: he has not spoken.
  CHECK(meeting.speaks(1, 2000) == 300);
  CHECK(meeting.speakers.dominant() == 1);
  // From 2 s on the other speaks. At 2.1 s he has 1 of the last ten blocks and she 9, at 2.4 s 4
  // and 6, at 2.7 s 7 and 3.
  CHECK(meeting.speaks(2, 2700) == -1);
  CHECK(meeting.speaks(2, 2720) == 2700);
  CHECK(meeting.speakers.recent() == std::vector<std::size_t>{2, 1, 0});
  // A word of 0.3 s is not enough: at 3 s he has two blocks.
  CHECK(meeting.speaks(2, 2800) == -1);
  CHECK(meeting.speaks(0, 3100) == -1);
  CHECK(meeting.speaks(2, 6000) == -1);
}

TEST_CASE("whoever sends nothing is silent after 40 ms", "[conference]") {
  DominantSpeaker speakers(2);
  for (std::int64_t now = 0; now < 1000; now += 20) {
    speakers.onLevel(0, now < 100 ? kNoise : kSpeech, ms(now));
    speakers.onLevel(1, kNoise, ms(now));
  }
  CHECK(speakers.decide());
  CHECK(speakers.dominant() == 0);
  // The first one's packets stop as he speaks. Without looks he would speak for ever: his last
  // packet was of speech, and so the other's are no more than that.
  for (std::int64_t now = 1000; now < 3000; now += 20) speakers.onLevel(1, kSpeech, ms(now));
  CHECK_FALSE(speakers.decide());
  // A look is one packet of silence. With four there is one of speech in his last block, and
  // ln(113.36 / 18.97) = 1.79 is no more than 2.
  const auto look = [&](std::int64_t now) {
    speakers.onLevel(1, kSpeech, ms(now));
    speakers.lookForIdle(ms(now));
  };
  for (const std::int64_t now : {3000, 3040, 3080, 3120}) look(now);
  CHECK_FALSE(speakers.decide());
  look(3160);
  CHECK(speakers.decide());
  CHECK(speakers.dominant() == 1);
}

TEST_CASE("the loudest few are those of the highest smoothed level", "[conference]") {
  LoudestSpeakers loudest(4, 2);
  loudest.onLevel(0, 80, ms(0));  // 40
  loudest.onLevel(1, 60, ms(0));  // 30
  loudest.onLevel(2, 50, ms(0));  // 25: no place
  CHECK(loudest.all() == std::vector<std::size_t>{0, 1});
  loudest.onLevel(2, 50, ms(20));  // (25 + 50 + 1) / 2 = 38
  CHECK(loudest.all() == std::vector<std::size_t>{0, 2});
  CHECK_FALSE(loudest.holds(1));
  loudest.onLevel(2, 50, ms(40));  // 44
  CHECK(loudest.all() == std::vector<std::size_t>{2, 0});
  // Nothing has come of the first for more than 150 ms.
  loudest.onLevel(2, 50, ms(151));
  loudest.onLevel(3, 10, ms(151));
  CHECK(loudest.all() == std::vector<std::size_t>{2, 3});
}

TEST_CASE("among equals those stay who came first", "[conference]") {
  LoudestSpeakers loudest(3, 2);
  for (std::int64_t now = 0; now < 100; now += 20)
    for (std::size_t i = 0; i < 3; ++i) loudest.onLevel(i, 0, ms(now));
  CHECK(loudest.holds(0));
  CHECK(loudest.holds(1));
  CHECK_FALSE(loudest.holds(2));
}
