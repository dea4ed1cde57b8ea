#include "models/fabric/mrg32k3a.h"

#include <vector>

namespace callflow::fabric {
namespace {

using Vector = std::array<std::uint32_t, 3>;
using Matrix = std::array<Vector, 3>;

// Rows of the matrices that take a component's state a step further.
constexpr Matrix kFirstStep = {
    {{0, 1, 0}, {0, 0, 1}, {Mrg32k3a::kModulus1 - Mrg32k3a::kA13, Mrg32k3a::kA12, 0}}};
constexpr Matrix kSecondStep = {
    {{0, 1, 0}, {0, 0, 1}, {Mrg32k3a::kModulus2 - Mrg32k3a::kA23, 0, Mrg32k3a::kA21}}};

template <std::uint64_t kModulus>
std::uint32_t dot(const Vector& a, const Vector& b) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < 3; ++i) sum += std::uint64_t{a[i]} * b[i] % kModulus;
  return static_cast<std::uint32_t>(sum % kModulus);
}

template <std::uint64_t kModulus>
Vector product(const Matrix& matrix, const Vector& vector) {
  return {dot<kModulus>(matrix[0], vector), dot<kModulus>(matrix[1], vector),
          dot<kModulus>(matrix[2], vector)};
}

template <std::uint64_t kModulus>
Matrix squared(const Matrix& m) {
  Matrix result{};
  for (std::size_t column = 0; column < 3; ++column) {
    const Vector image = product<kModulus>(m, {m[0][column], m[1][column], m[2][column]});
    for (std::size_t row = 0; row < 3; ++row) result[row][column] = image[row];
  }
  return result;
}

// Streams are 2^127 steps apart and substreams 2^76.
constexpr std::size_t kStreamStep = 127, kSubstreamStep = 76;

// The n-th takes a state 2^n steps further.
template <std::uint64_t kModulus>
std::vector<Matrix> powers(Matrix step) {
  std::vector<Matrix> all;
  for (std::size_t n = 0; n < kStreamStep + 64; ++n) {
    all.push_back(step);
    step = squared<kModulus>(step);
  }
  return all;
}

template <std::uint64_t kModulus>
Vector jumped(Vector state, const std::vector<Matrix>& powers, std::uint64_t steps,
              std::size_t unit) {
  for (; steps != 0; steps >>= 1, ++unit) {
    if ((steps & 1) != 0) state = product<kModulus>(powers[unit], state);
  }
  return state;
}

}  // namespace

Mrg32k3a::Mrg32k3a(std::uint32_t seed, std::uint64_t stream, std::uint64_t substream)
    : one_{seed, seed, seed}, two_{seed, seed, seed} {
  static const std::vector<Matrix> kFirst = powers<kModulus1>(kFirstStep);
  static const std::vector<Matrix> kSecond = powers<kModulus2>(kSecondStep);
  one_ = jumped<kModulus1>(one_, kFirst, stream, kStreamStep);
  one_ = jumped<kModulus1>(one_, kFirst, substream, kSubstreamStep);
  two_ = jumped<kModulus2>(two_, kSecond, stream, kStreamStep);
  two_ = jumped<kModulus2>(two_, kSecond, substream, kSubstreamStep);
}

}  // namespace callflow::fabric
