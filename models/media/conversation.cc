#include "models/media/conversation.h"

#include <algorithm>
#include <stdexcept>

namespace callflow::media {

Conversation::Conversation(std::uint32_t participants, std::uint64_t draws,
                           const ConversationParameters& parameters)
    : parameters_(parameters), random_("conversation", draws), participants_(participants) {
  if (participants < 2) throw std::invalid_argument("Conversation: it takes two");
  until_ = random_.exponential(parameters_.silence);
}

bool Conversation::talks(std::uint32_t participant, Duration time) {
  while (until_ <= time) proceed();
  return first_ == participant || second_ == participant;
}

void Conversation::proceed() {
  if (!first_) {
    first_ = anybody(participants_);
    until_ += random_.exponential(parameters_.single);
  } else if (second_) {
    if (random_.uniform() < 0.5) first_ = second_;
    second_.reset();
    until_ += random_.exponential(parameters_.single);
  } else if (random_.uniform() < parameters_.silenceAfterSingle) {
    first_.reset();
    until_ += random_.exponential(parameters_.silence);
  } else {
    const std::uint32_t other = anybody(participants_ - 1);
    second_ = other < *first_ ? other : other + 1;
    until_ += random_.exponential(parameters_.both);
  }
}

std::uint32_t Conversation::anybody(std::uint32_t among) {
  const auto one = static_cast<std::uint32_t>(random_.uniform() * static_cast<double>(among));
  return std::min(one, among - 1);
}

}  // namespace callflow::media
