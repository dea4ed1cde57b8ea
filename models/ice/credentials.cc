#include "models/ice/credentials.h"

#include <string_view>

namespace callflow::ice {
namespace {

// RFC 8839 5.4: at least 4 and 22 characters. libwebrtc: 4 and 24.
constexpr std::size_t kFragmentLength = 4;
constexpr std::size_t kPasswordLength = 24;

std::string letters(std::mt19937_64& random, std::size_t length) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  while (text.size() < length) text += kAlphabet[random() % kAlphabet.size()];
  return text;
}

}  // namespace

Credentials drawCredentials(std::mt19937_64& random) {
  Credentials drawn;
  drawn.fragment = letters(random, kFragmentLength);
  drawn.password = letters(random, kPasswordLength);
  return drawn;
}

stun::Bytes answerTo(const stun::Message& check, wire::Endpoint from, const stun::Key& key) {
  stun::Message answer;
  answer.messageClass = stun::Class::success;
  answer.method = stun::Method::binding;
  answer.transaction = check.transaction;
  answer.mapped = stun::Address{from.address, from.port};
  return stun::encode(answer, &key, true);
}

}  // namespace callflow::ice
