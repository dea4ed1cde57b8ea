// Tells contents apart; it is no protection against forgery.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace callflow::results {

// XXH3, 128 bits, as 32 hex digits.
std::string hashHex(std::string_view bytes);

// The same of bytes that come piece by piece.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void add(std::string_view bytes);
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace callflow::results
