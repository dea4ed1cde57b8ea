// Who speaks when, in a conversation: artificial conversational speech in the manner of ITU-T P.59.
#pragma once

#include <cstdint>
#include <optional>

#include "models/fabric/random.h"
#include "src/units/units.h"

namespace callflow::media {

// Nobody, one or two of the participants speak. Each of these states lasts for an exponential time;
// after silence and after double talk one speaks (either of the two who did), after one speaker
// comes silence or a second one. So far P.59. With more than two participants it is anybody's turn
// with equal chance, and still no more than two speak at once.
//
// P.59 table 1 has, of telephone conversations: talk spurts of 1.004 s (38.53 % of the time),
// pauses of 1.587 s, double talk of 0.228 s (6.59 %). The durations below are what gives two
// participants these talk spurts, pauses and double talk. What is left for mutual silence is
// then 29.1 %, 0.602 s each; the table's own 22.48 % and 0.508 s do not go together with the rest
// of it, which would make 93 % in all.
struct ConversationParameters {
  Duration silence = Duration::us(602'300);
  Duration single = Duration::us(833'200);
  Duration both = Duration::ms(228);
  double silenceAfterSingle = 0.6257;
};

// Begins in silence.
class Conversation {
 public:
  // At least two participants. `draws`: which of the random streams "conversation" is used.
  Conversation(std::uint32_t participants, std::uint64_t draws,
               const ConversationParameters& parameters = {});

  // Whether the participant (from 0) speaks so long after the beginning. Times never go back.
  bool talks(std::uint32_t participant, Duration time);

 private:
  void proceed();
  std::uint32_t anybody(std::uint32_t among);

  ConversationParameters parameters_;
  fabric::RandomStream random_;
  std::uint32_t participants_;
  std::optional<std::uint32_t> first_, second_;  // the speakers; no second without a first
  Duration until_;
};

}  // namespace callflow::media
