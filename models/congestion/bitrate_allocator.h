// Which stream of a sender gets how much of what the path carries (libwebrtc:
// bitrate_allocator.cc). Audio has its rate first, as what it needs at least is all it can use.
#pragma once

#include <cstddef>
#include <vector>

#include "src/units/units.h"

namespace callflow::congestion {

struct StreamDemand {
  DataRate least{};      // less is of no use to it
  DataRate most{};       // nor is more
  DataRate padding{};    // up to here it has use for padding, so as to begin sooner
  bool pauses = true;    // there may be less than its least: then it gets nothing
  DataRate preferred{};  // what it gets before others get more than their least
  double priority = 1;   // of what is left it gets so many shares
};

// What controllers are told of all streams together.
struct DemandLimits {
  DataRate least, most, padding;
};

class BitrateAllocator {
 public:
  // Streams are known by their place. What it knows of one is kept while it stays in its place.
  void setStreams(std::vector<StreamDemand> streams);
  // `protection`: the share of a stream's rate that goes into its repair.
  void setProtection(std::size_t stream, double protection);

  // Zero: it is paused. Above what all can use they get up to twice as much, for padding, probes
  // and repair.
  std::vector<DataRate> allocate(DataRate total);

  DemandLimits limits() const;

 private:
  struct Stream {
    StreamDemand demand;
    DataRate had;  // at the last allocation
    double protection = 0;

    // What it needs to go on; to begin again, more than that.
    DataRate needs() const;
  };
  bool enoughForAll(DataRate total, DataRate least) const;
  std::vector<DataRate> ofLittle(DataRate total) const;
  std::vector<DataRate> ofSome(DataRate total, DataRate least) const;
  std::vector<DataRate> ofPlenty(DataRate total, DataRate most) const;
  // Evenly, to those that may have more, at most so many times their most.
  void spread(DataRate rate, bool toAll, int times, std::vector<DataRate>& out) const;

  std::vector<Stream> streams_;
};

}  // namespace callflow::congestion
