#include "models/client/client.h"

#include <algorithm>

namespace callflow::client {

void Participant::fillReport(std::size_t most, std::vector<ReportBlock>& blocks) {
  for (std::size_t i = 0; i < std::min(most, incoming.size()); ++i) {
    IncomingStream& stream = *incoming[next_++ % incoming.size()];
    blocks.push_back({stream.ssrc(), stream.losses().next()});
  }
}

void Participant::onReport(const std::vector<ReportBlock>& blocks, TimePoint now) {
  if (!outgoing) return;
  for (const ReportBlock& block : blocks) outgoing->report(block.loss, now);
}

}  // namespace callflow::client
