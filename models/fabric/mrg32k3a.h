// ns-3's generator MRG32k3a (P. L'Ecuyer et al., "An object-oriented random-number package with
// many long streams and substreams", Operations Research 50, 2002), number for number the same as
// ns3::RngStream, but in whole numbers. There, a new stream costs as much as 30 packets do.
#pragma once

#include <array>
#include <cstdint>

namespace callflow::fabric {

class Mrg32k3a {
 public:
  // 0 < seed < modulus2
  Mrg32k3a(std::uint32_t seed, std::uint64_t stream, std::uint64_t substream);

  double uniform() {  // in (0, 1)
    // A state less than the modulus stands for what is subtracted, so that nothing is negative.
    const std::uint64_t p1 = (kA12 * one_[1] + kA13 * (kModulus1 - one_[0])) % kModulus1;
    one_ = {one_[1], one_[2], static_cast<std::uint32_t>(p1)};
    const std::uint64_t p2 = (kA21 * two_[2] + kA23 * (kModulus2 - two_[0])) % kModulus2;
    two_ = {two_[1], two_[2], static_cast<std::uint32_t>(p2)};
    const auto difference = static_cast<double>(p1 > p2 ? p1 - p2 : p1 + kModulus1 - p2);
    return difference * kNorm;
  }

  static constexpr std::uint64_t kModulus1 = 4294967087;
  static constexpr std::uint64_t kModulus2 = 4294944443;
  static constexpr std::uint64_t kA12 = 1403580, kA13 = 810728;  // a13 is subtracted
  static constexpr std::uint64_t kA21 = 527612, kA23 = 1370589;  // a23 too

 private:
  using State = std::array<std::uint32_t, 3>;
  static constexpr double kNorm = 2.328306549295728e-10;  // of the paper: 1 / (modulus1 + 1)

  State one_, two_;
};

}  // namespace callflow::fabric
