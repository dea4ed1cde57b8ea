// Named random streams, those of ns-3's generator. A stream depends on the seed and run number of
// ns3::RngSeedManager and on its name only, so that adding a link, a call or a device does not
// shift the draws of another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/fabric/key_table.h"
#include "models/fabric/mrg32k3a.h"
#include "models/fabric/packet.h"
#include "src/units/units.h"

namespace callflow::fabric {

// The number of the ns-3 stream with this name: FNV-1a, 63 bits. ns-3 hands out the lower half of
// the stream numbers by itself and leaves the upper half (bit 63 set) to programs; so does this.
std::uint64_t streamNumber(std::string_view name);

class RandomStream {
 public:
  explicit RandomStream(std::string_view name);
  // `index` tells apart the streams of one purpose.
  RandomStream(std::string_view name, std::uint64_t index);

  double uniform() { return stream_.uniform(); }  // in (0, 1)
  Duration exponential(Duration mean);

 private:
  Mrg32k3a stream_;
};

// Names of the flows whose packets draw for themselves. Packets have room for a number only
// (Packet::stream), which says nothing by itself: what is drawn depends on the name behind it.
class FlowNames {
 public:
  // From 1 on; a name that is known keeps its number.
  std::uint32_t number(const std::string& name);
  // Of a number that has no name: the number itself.
  std::string name(std::uint32_t number) const;
  std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> numbers_;  // looked up only, never walked
};

// Draws for packets that cross a link: the k-th new media packet of a stream gets the k-th number
// of a random stream of its own, whatever else crosses; all other packets (acknowledgements,
// retransmissions, signaling) share one. So a call sees the same draws in two variants, over UDP
// and over TCP.
class FlowDraws {
 public:
  // `flows` may be null: then flows are known by their numbers.
  explicit FlowDraws(std::string name, const FlowNames* flows = nullptr)
      : name_(std::move(name)), names_(flows) {}
  // Holds until the next packet is asked about.
  RandomStream& of(const Packet& packet);

 private:
  std::string name_;
  const FlowNames* names_;
  std::optional<RandomStream> rest_;
  KeyTable<std::uint32_t, KeyOrder::kept> places_;  // of flows, in streams_
  std::vector<RandomStream> streams_;
};

}  // namespace callflow::fabric
