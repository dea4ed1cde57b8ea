#include "models/ice/lite_agent.h"

namespace callflow::ice {

namespace {

Credentials drawn(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  return drawCredentials(random);
}

}  // namespace

LiteAgent::LiteAgent(wire::Endpoint socket, std::uint64_t seed)
    : socket_(socket), local_(drawn(seed)), key_(stun::Key::shortTerm(local_.password)) {}

Candidate LiteAgent::candidate() const {
  Candidate result;
  result.type = CandidateType::host;
  result.address = result.base = socket_;
  result.priority = priority(typePreference(CandidateType::host, {}, Preferences::m150),
                             LocalPreference{}.value());
  return result;
}

std::optional<stun::Bytes> LiteAgent::onCheck(wire::Endpoint from, const stun::Bytes& bytes) {
  const auto parsed = stun::parse(bytes);
  if (!parsed || parsed->message.method != stun::Method::binding ||
      parsed->message.messageClass != stun::Class::request || !stun::verify(bytes, *parsed, key_))
    return std::nullopt;
  if (parsed->message.useCandidate || !nominated_) nominated_ = from;
  return answerTo(parsed->message, from, key_);
}

}  // namespace callflow::ice
