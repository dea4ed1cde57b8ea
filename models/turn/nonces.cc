#include "models/turn/nonces.h"

#include <string_view>

namespace callflow::turn {
namespace {

constexpr std::size_t kDigits = 16;  // of each of its two numbers

void writeHex(std::uint64_t number, char* to) {
  for (std::size_t i = kDigits; i > 0; --i, number >>= 4)
    to[i - 1] = "0123456789abcdef"[number & 15];
}

// Whatever is no digit spoils the number: the nonce made of it is not the one that was read.
std::uint64_t fromHex(std::string_view text) {
  std::uint64_t number = 0;
  for (const char c : text)
    number = number << 4 | static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  return number;
}

}  // namespace

std::uint64_t scrambled(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15;
  number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9;
  number = (number ^ number >> 27) * 0x94D049BB133111EB;
  return number ^ number >> 31;
}

std::string Nonces::make(const wire::Header5& client, TimePoint now) const {
  const auto issued = static_cast<std::uint64_t>(now.count());
  const std::uint64_t from = std::uint64_t{client.source.address.value} << 16 | client.source.port;
  const std::uint64_t to =
      std::uint64_t{client.destination.address.value} << 16 | client.destination.port;
  const auto protocol = static_cast<std::uint64_t>(client.protocol);
  std::uint64_t mark = secret_;
  for (const std::uint64_t part : {issued, from, to, protocol}) mark = scrambled(mark ^ part);
  std::string nonce(2 * kDigits, '0');
  writeHex(issued, nonce.data());
  writeHex(mark, nonce.data() + kDigits);
  return nonce;
}

bool Nonces::isFresh(const std::string& nonce, const wire::Header5& client, TimePoint now) const {
  if (nonce.size() != 2 * kDigits) return false;
  const auto issued = TimePoint::at(
      Duration::ns(static_cast<std::int64_t>(fromHex(std::string_view(nonce).substr(0, kDigits)))));
  // The mark first: only of an instant that is the server's own may times be computed.
  return make(client, issued) == nonce && now < issued + lifetime_;
}

}  // namespace callflow::turn
