#include "models/fabric/mrg32k3a.h"

#include <vector>

namespace callflow::fabric {
namespace {

using Vector = std::array<std::uint32_t, 3>;
using Matrix = std::array<Vector, 3>;

// Rows of the matrices that take a component's state a step further.
constexpr Matrix firstStep = {
    {{0, 1, 0}, {0, 0, 1}, {Mrg32k3a::modulus1 - Mrg32k3a::a13, Mrg32k3a::a12, 0}}};
constexpr Matrix secondStep = {
    {{0, 1, 0}, {0, 0, 1}, {Mrg32k3a::modulus2 - Mrg32k3a::a23, 0, Mrg32k3a::a21}}};

template <std::uint64_t modulus>
std::uint32_t dot(const Vector& a, const Vector& b) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < 3; ++i) sum += std::uint64_t{a[i]} * b[i] % modulus;
  return static_cast<std::uint32_t>(sum % modulus);
}

template <std::uint64_t modulus>
Vector product(const Matrix& matrix, const Vector& vector) {
  return {dot<modulus>(matrix[0], vector), dot<modulus>(matrix[1], vector),
          dot<modulus>(matrix[2], vector)};
}

template <std::uint64_t modulus>
Matrix squared(const Matrix& m) {
  Matrix result{};
  for (std::size_t column = 0; column < 3; ++column) {
    const Vector image = product<modulus>(m, {m[0][column], m[1][column], m[2][column]});
    for (std::size_t row = 0; row < 3; ++row) result[row][column] = image[row];
  }
  return result;
}

// Streams are 2^127 steps apart and substreams 2^76.
constexpr std::size_t streamStep = 127, substreamStep = 76;

// The n-th takes a state 2^n steps further.
template <std::uint64_t modulus>
std::vector<Matrix> powers(Matrix step) {
  std::vector<Matrix> all;
  for (std::size_t n = 0; n < streamStep + 64; ++n) {
    all.push_back(step);
    step = squared<modulus>(step);
  }
  return all;
}

template <std::uint64_t modulus>
Vector jumped(Vector state, const std::vector<Matrix>& powers, std::uint64_t steps,
              std::size_t unit) {
  for (; steps != 0; steps >>= 1, ++unit) {
    if ((steps & 1) != 0) state = product<modulus>(powers[unit], state);
  }
  return state;
}

}  // namespace

Mrg32k3a::Mrg32k3a(std::uint32_t seed, std::uint64_t stream, std::uint64_t substream)
    : one_{seed, seed, seed}, two_{seed, seed, seed} {
  static const std::vector<Matrix> first = powers<modulus1>(firstStep);
  static const std::vector<Matrix> second = powers<modulus2>(secondStep);
  one_ = jumped<modulus1>(one_, first, stream, streamStep);
  one_ = jumped<modulus1>(one_, first, substream, substreamStep);
  two_ = jumped<modulus2>(two_, second, stream, streamStep);
  two_ = jumped<modulus2>(two_, second, substream, substreamStep);
}

}  // namespace callflow::fabric
