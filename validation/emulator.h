// The experiment behind the measurements, simulated: two hosts and, between them, per direction and
// in this order, a bottleneck with a drop-tail queue, random loss and a constant delay.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "validation/columns.h"
#include "validation/delays.h"
#include "validation/measured.h"

namespace callflow::validation {

enum class Model : std::uint8_t { linuxLike, ns3 };

// Of the replayed losses: a data segment, known by when its first copy left the sender, and how
// many copies of it are dropped.
struct ScriptedLoss {
  Duration when;  // since the first packet was due
  int copies = 1;
};

// A data segment whose first copy was dropped.
struct SegmentLoss {
  Duration when;  // since the first packet was due
  Duration firstRetransmission = Duration::max();
  Duration recovered = Duration::max();
  int tries = 0;  // copies sent after the first, up to the one that got through
};

struct FlowResult {
  Values values;
  std::vector<SegmentLoss> losses;
};

struct Experiment {
  Condition condition;  // of either direction
  Model model = Model::linuxLike;
  std::uint64_t seed = 1;
  // Share of packets to lose, forward and back; the condition's if not given.
  std::array<std::optional<Ratio>, 2> loss;
  // Losses of the forward direction in place of random ones in both.
  const std::vector<ScriptedLoss>* script = nullptr;
};

bool offers(Model model, const Condition& condition);

// The most packets in a row that the forward direction loses among its first `packets` in an
// experiment of group ge with this seed, whatever is sent: that chain steps with each packet.
int longestBurst(std::uint64_t seed, Ratio loss, int packets);

// Runs it to the last delivery. Both directions with variant bidir, else the forward one. Uses
// ns-3's simulator, which must not be in use.
std::array<FlowResult, 2> simulate(const Experiment& experiment);

}  // namespace callflow::validation
