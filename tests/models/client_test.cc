// What named client versions do.
#include <catch2/catch.hpp>

#include "models/client/in_band_fec.h"
#include "models/client/profile.h"

using namespace callflow;
using namespace callflow::client;

namespace {

double shareOfPackets(InBandFec& fec) {
  int with = 0;
  constexpr int packets = 20'000;
  for (int i = 0; i < packets; ++i) with += fec.next() ? 1 : 0;
  return with / static_cast<double>(packets);
}

constexpr InBandFecParameters parameters{Ratio::percent(10), 4, Ratio::percent(50)};

}  // namespace

TEST_CASE("In-band FEC comes with loss") {
  InBandFec fec(parameters, 1);
  CHECK(shareOfPackets(fec) == 0);  // nothing is known
  fec.report(0, 250, Duration::s(5));
  CHECK(shareOfPackets(fec) == 0);
  fec.report(0, 0, Duration::s(5));  // says nothing
  CHECK(shareOfPackets(fec) == 0);

  InBandFec lossy(parameters, 2);
  lossy.report(10, 250, Duration::s(5));  // the first report counts in full: 4 %
  CHECK(shareOfPackets(lossy) == Approx(0.10 + 4 * 0.04).margin(0.01));
  // Without loss it is forgotten by 0.9999 a millisecond: 0.607 in 5 s.
  lossy.report(0, 250, Duration::s(5));
  CHECK(shareOfPackets(lossy) == Approx(0.10 + 4 * 0.04 * 0.6065).margin(0.01));
  for (int i = 0; i < 20; ++i) lossy.report(0, 250, Duration::s(5));
  CHECK(shareOfPackets(lossy) == 0);
  lossy.report(250, 250, Duration::s(500));
  CHECK(shareOfPackets(lossy) == Approx(0.5).margin(0.01));  // no more than that
}

TEST_CASE("Profiles differ where libwebrtc's versions do") {
  CHECK(profile(Version::chrome_2020).neteq.quantile == 0.97);
  CHECK(profile(Version::chrome_2020).neteq.forgetFactor == 0.9993);
  CHECK_FALSE(profile(Version::chrome_2020).neteq.reorderOptimizer);
  CHECK(profile(Version::chrome_2020).neteq.stretch == receiver::StretchRule::bufferLevel);
  for (const Version version : {Version::chrome_2024, Version::chrome_2026}) {
    CHECK(profile(version).version == version);
    CHECK(profile(version).neteq.quantile == 0.95);
    CHECK(profile(version).neteq.forgetFactor == 0.983);
    CHECK(profile(version).neteq.reorderOptimizer);
    CHECK(profile(version).neteq.stretch == receiver::StretchRule::playoutDelay);
  }
}
