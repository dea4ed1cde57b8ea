// How long a frame takes on the air, by the standard that it is sent by (IEEE 802.11-2020; 802.11ax
// of 2021).
#pragma once

#include "models/wifi/parameters.h"
#include "src/units/units.h"

namespace callflow::wifi {

struct Phy {
  Duration slot;
  Duration sifs;
  Duration preamble;         // of data frames
  Duration symbol;           // zero: bits follow one another (DSSS)
  Duration extension;        // after each frame (802.11-2020 10.3.8: signal extension)
  Duration controlPreamble;  // of acknowledgements, and their symbols
  Duration controlSymbol;
  bool aggregates = false;  // many packets in one frame, acknowledged one by one
};

Phy phyOf(Standard standard, Band band);

// A data frame of so many bytes, MAC header and all.
Duration airtime(const Phy& phy, DataSize size, DataRate rate);
// The answer to a frame that was sent at `rate`: at the highest rate that all must know.
Duration ackAirtime(const Phy& phy, DataRate rate);
Duration blockAckAirtime(const Phy& phy, DataRate rate);

// How long who has sent waits for an answer that does not come, from the frame's end on, and how
// long others do after a frame that they could not make out. Close to the same.
Duration unanswered(const Phy& phy);

}  // namespace callflow::wifi
