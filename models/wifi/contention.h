// Who may send when: listening, waiting and counting slots (CSMA/CA, IEEE 802.11-2020 10.22.2). It
// says when; it schedules nothing.
#pragma once

#include <array>
#include <cstdint>

#include "models/wifi/categories.h"
#include "models/wifi/phy.h"
#include "src/units/units.h"

namespace callflow::wifi {

// All hear each other: the air is free for all or busy for all. Slots are counted for each number
// of slots that is waited before counting begins, as long as the air is free, whether or not
// anybody wants to send; who draws a backoff notes the count at which it ends.
class Contention {
 public:
  // With WMM a slot is counted as soon as AIFS is over, too (802.11-2020 10.23.2.4); without, when
  // it has been free (10.3.4.3).
  Contention(const Phy& phy, bool wmm) : phy_(phy), early_(wmm ? 1 : 0) {}

  struct Claim {
    int aifsn = 2;
    std::int64_t ends = 0;  // of the count for this aifsn
  };
  // A backoff of so many slots from now on.
  Claim claim(int aifsn, std::int64_t slots) const { return {aifsn, counted(aifsn) + slots}; }
  bool busy(TimePoint now) const { return now < freeFrom_; }
  // Whether it has slots to wait for yet, were the air busy from now on.
  bool waits(const Claim& claim) const { return claim.ends > counted(claim.aifsn); }
  // The earliest time to send for who has something to send since `ready`.
  TimePoint start(const Claim& claim, TimePoint ready) const;

  // The air is busy.
  void occupy(TimePoint from, TimePoint until);

 private:
  static constexpr std::size_t kAifsns = 8;
  Duration wait(int aifsn) const { return phy_.sifs + phy_.slot * aifsn; }
  std::int64_t counted(int aifsn) const { return counted_[static_cast<std::size_t>(aifsn)]; }

  Phy phy_;
  std::int64_t early_;
  TimePoint freeFrom_;
  std::array<std::int64_t, kAifsns> counted_{};  // by aifsn, until freeFrom_
};

}  // namespace callflow::wifi
