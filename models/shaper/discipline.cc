#include "models/shaper/discipline.h"

#include <algorithm>
#include <limits>

#include "models/nat/flow_index.h"
#include "models/shaper/codel.h"
#include "models/shaper/fifo.h"
#include "models/shaper/fq_codel.h"
#include "models/shaper/pie.h"

namespace callflow::shaper {
namespace {

constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kCodelPackets = 1000;      // tc-codel(8), tc-pie(8)
constexpr std::int64_t kFqCodelPackets = 10'240;  // tc-fq_codel(8)
constexpr std::int64_t kFqCodelBytes = 32 << 20;  // tc-fq_codel(8): memory_limit

std::int64_t bytesIn(DataRate rate, Duration time) {
  return rate.isUnlimited() ? kNoBound : dataIn(rate, time).count();
}

}  // namespace

QueueBound boundOf(const Shaping& shaping) {
  if (shaping.queue) {
    const auto* const time = std::get_if<Duration>(&*shaping.queue);
    return {
        time != nullptr ? bytesIn(shaping.rate, *time) : std::get<DataSize>(*shaping.queue).count(),
        kNoBound};
  }
  switch (shaping.discipline) {
    case Discipline::codel:
    case Discipline::pie:
      return {kNoBound, kCodelPackets};
    case Discipline::fqCodel:
      return {kFqCodelBytes, kFqCodelPackets};
    case Discipline::fifo:
      break;
  }
  return {std::max(bytesIn(shaping.rate, fabric::kUsualQueueTime), fabric::kUsualQueueSize.count()),
          kNoBound};
}

Waiting waitingOf(fabric::PacketId id, const fabric::Packet& packet, TimePoint now) {
  const nat::FlowKey flow(packet.source(), packet.destination(), packet.protocol);
  return {id, packet.dataSize(), now, static_cast<std::uint32_t>(flow.hash())};
}

std::unique_ptr<Queue> makeQueue(const Shaping& shaping, const std::string& name) {
  const QueueBound bound = boundOf(shaping);
  CodelParameters codel;
  if (shaping.target) codel.target = *shaping.target;
  switch (shaping.discipline) {
    case Discipline::codel:
      return std::make_unique<CodelQueue>(bound, codel);
    case Discipline::fqCodel:
      return std::make_unique<FqCodelQueue>(bound, codel);
    case Discipline::pie: {
      PieParameters pie;
      if (shaping.target) pie.target = *shaping.target;
      return std::make_unique<PieQueue>(bound, pie, name);
    }
    case Discipline::fifo:
      break;
  }
  return std::make_unique<Fifo>(bound);
}

}  // namespace callflow::shaper
