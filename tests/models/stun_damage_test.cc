// Damaged STUN messages are refused, and never read beyond their end.
#include <catch2/catch.hpp>
#include <random>

#include "models/stun/message.h"
#include "tests/models/stun_support.h"

using namespace callflow;
using namespace callflow::stun;

namespace {

const Key kKey = Key::shortTerm("VOkJxbRl1RmTxUk/WvJxBt");

void flipBit(Bytes& bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1 << (bit % 8)));
}

// Whether somebody who asks for all guards that were sent takes the bytes for his peer's.
bool accepted(const Bytes& bytes, bool printed) {
  const auto parsed = parse(bytes);
  return parsed && verify(bytes, kKey) && (!printed || parsed->hasFingerprint);
}

}  // namespace

TEST_CASE("a flipped bit of a STUN message is noticed, whichever it is") {
  Message message;
  message.username = "evtj:h6vY";
  message.priority = 0x6e0001ff;
  for (const bool printed : {false, true}) {
    const Bytes good = encode(message, &kKey, printed);
    REQUIRE(accepted(good, printed));
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
      Bytes bytes = good;
      flipBit(bytes, bit);
      INFO("bit " << bit);
      CHECK_FALSE(accepted(bytes, printed));
    }
  }
}

TEST_CASE("flipped bits of random STUN messages are noticed") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const bool printed = chance(random);
    Bytes bytes = encode(randomMessage(random), &kKey, printed);
    REQUIRE(accepted(bytes, printed));
    flipBit(bytes, random() % (8 * bytes.size()));
    REQUIRE_FALSE(accepted(bytes, printed));
  }
}

TEST_CASE("cut, torn and mixed STUN messages harm nobody") {
  std::mt19937_64 random(2);
  int valid = 0;
  for (int i = 0; i < 10'000; ++i) {
    Bytes bytes = encode(randomMessage(random), chance(random) ? &kKey : nullptr, false);
    for (int changes = static_cast<int>(random() % 4); changes >= 0; --changes) {
      if (bytes.empty()) break;
      const auto place = static_cast<std::ptrdiff_t>(random() % bytes.size());
      switch (random() % 4) {
        case 0:
          bytes[static_cast<std::size_t>(place)] = static_cast<std::uint8_t>(random());
          break;
        case 1:
          bytes.resize(static_cast<std::size_t>(place));
          break;
        case 2:
          bytes.erase(bytes.begin() + place);
          break;
        default:
          bytes.insert(bytes.begin() + place, static_cast<std::uint8_t>(random()));
      }
    }
    // Half of them with the right length, so that what is behind the header is read too.
    if (chance(random) && bytes.size() >= 20) {
      bytes[2] = static_cast<std::uint8_t>((bytes.size() - 20) >> 8);
      bytes[3] = static_cast<std::uint8_t>(bytes.size() - 20);
    }
    const Bytes exact(bytes);  // no room behind its end, for the sanitizer to see
    const auto parsed = parse(exact);
    verify(exact, kKey);
    if (parsed) ++valid;
  }
  // Some damage does no harm: a changed byte of a name, say.
  CHECK(valid > 100);
  CHECK(valid < 9'000);
}
