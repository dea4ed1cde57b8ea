// What one simulated run leaves behind: filled by sim, read by results, compare and plot. Plain
// data, no ns-3.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/receiver/delay_causes.h"
#include "models/receiver/frame_fate.h"
#include "src/metrics/call_event.h"
#include "src/metrics/metric.h"
#include "src/units/units.h"

namespace callflow::metrics {

using receiver::DelayCause;
using receiver::FrameFate;
using receiver::kDelayCauseCount;
using receiver::PlayoutSound;

std::string_view name(DelayCause cause);  // "head-of-line"

// Mean over the played frames of a stream of the time spent for one cause at one element.
struct BudgetPart {
  DelayCause cause;
  std::string element;  // link or box ("hq.uplink"), where it matters (queueing); else empty
  Duration sum;  // over all played frames: exact; divide by StreamRecord::played for the mean
};

// One transmission of a traced frame's packet over one leg of its path; a retransmission is a
// further one.
struct LegCrossing {
  std::int32_t leg = 0;   // index into StreamRecord::legs
  std::int32_t copy = 1;  // 1: the first transmission on this leg, 2: the first retransmission ...
  TimePoint sent;         // on the wire at the leg's start
  TimePoint arrived = TimePoint::max();  // at the leg's end; max() if lost
  std::string lostAt;                    // the link or box that lost it; empty if it arrived
  // Handed on at the leg's end: over UDP when it arrived, over TCP when in order; max() for a copy
  // that delivered nothing.
  TimePoint delivered = TimePoint::max();
};

// One audio frame of one stream, for timelines. Times are simulated time; TimePoint::max() = never.
struct FrameTrace {
  std::int64_t sequence = 0;
  TimePoint sent;               // handed to the transport
  TimePoint firstTransmission;  // first copy on the wire
  std::int32_t copies = 0;      // TCP: transmissions of the segment with its last byte
  TimePoint arrived;            // the copy that counted reached the receiver's transport
  TimePoint received;           // handed to the receiver's jitter buffer, in order over TCP
  TimePoint played;
  Duration jitterBufferTarget{};  // in force when it was played
  FrameFate fate = FrameFate::lost;
  std::vector<LegCrossing> crossings;  // in order of `sent`; what a sequence diagram is drawn from
};

// What the listener of a stream heard, one after the other without gap or overlap.
struct PlayoutPart {
  PlayoutSound sound = PlayoutSound::played;
  std::int64_t sequence = 0;
  TimePoint at = TimePoint::max();  // not of `stretched`
  Duration length;                  // of played and recovered: a frame
  Duration faded;  // concealed: the last part of it, where the made-up voice was mere noise
};

// How one of Microsoft's targets for the network fared (models/quality/network_targets.h), with the
// size of the sample. Shares, or s.
struct TargetVerdict {
  std::string target;                                 // "burst-loss"
  std::string unit;                                   // "ratio" or "s": of limit and worst
  double limit = 0;                                   // at it the target is missed
  Duration window;                                    // zero: the whole call
  std::int64_t windows = 0, missed = 0, packets = 0;  // no windows: nothing was measured
  double worst = 0;                                   // NaN without windows
};

struct Window {
  Duration start;  // since the first scored media packet was sent
  Values values;
};

// A figure of a stream that is over a classifier's limit, both in `unit`.
struct Exceeded {
  std::string rule;  // "round trip"
  double value = 0, limit = 0;
  std::string unit;
};

// How one attempted path fared, in the order tried.
struct PathAttempt {
  std::string kind;  // "direct", "relay-udp", "relay-tcp"
  bool chosen = false;
  std::string reason;  // one sentence; for a refusal, which box and which rule (file:line)
};

struct Leg {
  std::string from, to;            // elements
  std::string transport;           // "udp" or "tcp"
  std::vector<std::string> nodes;  // every element passed, ends included
  // Which of the documents' flows it is: "2'", "4".
  std::vector<std::string> flows = {};
  // Where ICE has part in it: "DIRECT", "RELAY" or "HTTP", and of each end "OS", "PeerDerived",
  // "Stun" or "Turn"; else empty.
  std::string connectivityIce = {};
  std::string fromType = {}, toType = {};
  // Between a client and its relay: the address and port that the relay has given it,
  // "20.202.6.10:49152"; else empty.
  std::string relay = {};
};

// One direction of one medium between two participants of one call.
struct StreamRecord {
  std::string call, from, to;
  std::string medium = "audio";
  std::string path;       // kind chosen: "direct", "relay-udp", "relay-tcp", "media-processor",
                          // "media-processor via relay-tcp" ...
  std::string transport;  // "udp", or "tcp" if any leg is TCP
  std::string codec;      // "opus", "pcmu" ...
  std::string mosScale;   // that R factors and MOS are on: "narrowband", "wideband", "fullband"
  std::vector<PathAttempt> attempts;
  std::vector<Leg> legs;
  Values totals;
  // Why the Call Quality Dashboard of Teams and the insights and call diagnostics of Azure
  // Communication Services would call the stream poor; empty: they would not.
  std::vector<Exceeded> poorByDashboard, poorByInsights, poorByDiagnostics;
  std::vector<TargetVerdict> targets;
  // Limits of the E-model that a window of the stream is past (models/quality/ranges.h): "loss",
  // "burst-ratio" ... Its scores there are to be taken with care.
  std::vector<std::string> outOfRange;
  std::vector<Window> windows;
  std::int64_t played = 0;
  Duration totalDelay;  // over played frames, capture to playout: exactly the budget's sum
  std::vector<BudgetPart> budget;
  // One-way delays of received frames in bins of 0.1 ms: (bin, count), ascending. Frames that never
  // came count in `totals` only.
  std::vector<std::pair<std::int32_t, std::int64_t>> delayHistogram;
  // Empty unless asked for. The trace holds the warm-up too, the playout what was scored.
  std::vector<FrameTrace> trace;
  std::vector<PlayoutPart> playout;
};

// How far a participant's client was with setting the call up, and when, since the call's start.
struct SetUpStep {
  std::string step;  // "gathered", "ice", "dtls" ...
  Duration at;
};

struct CallParticipant {
  std::string name;   // "alice@hq"
  bool pstn = false;  // has a telephone
  // As Azure's clients end: 0/0 if it took part to the end, 410/3112 if nothing joined it,
  // 410/301005 if its media was lost for good.
  int code = 0, subcode = 0;
  // The region that its signaling goes to, and which flows that is; empty: no client, or no region.
  std::string region;
  std::vector<std::string> flows;
  std::vector<SetUpStep> steps = {};  // of its first connection, in the order of time
};

// A call as it was set up. Times are since the beginning of the run.
struct CallRecord {
  std::string call;
  int copy = 0;                // which of those that were written as one
  bool group = false;          // by its type, whatever its media goes through
  std::string mediaProcessor;  // that its media goes through; empty: none
  Duration start;
  Duration mediaStart, scoredFrom, mediaEnd;  // zero: it had no media
  std::vector<CallParticipant> participants;
  std::vector<CallEvent> events = {};  // in the order of time
};

// A call that could not be set up: ACS end code 410 / 3112.
struct FailedCall {
  std::string call;
  int code = 0, subcode = 0;
  std::vector<std::string> reasons;  // one per attempted path and participant
};

struct LinkCounters {
  std::string link;  // "hq.uplink up"
  std::int64_t sent = 0, lost = 0, queueDrops = 0;
  Duration busy;
};

struct BoxDrop {
  std::string element;  // "hq-firewall"
  std::string reason;
  std::int64_t packets = 0;
};

// Other traffic of one name.
struct TrafficRecord {
  std::string name;
  std::string from, to;     // "backup@hq", "server@internet/backup"
  DataSize sent, received;  // UDP: IP packets; TCP: what the application wrote and read
  Duration time;            // for which it was to send, and until the last of it came

  // Bits a second over that time, of `sent` or `received`.
  double rateOf(DataSize volume) const {
    return time > Duration{} ? static_cast<double>(volume.count()) * 8 / time.seconds() : 0;
  }
};

// What came to a relay to be passed on: what it is paid for.
struct RelayRecord {
  std::string relay;  // "azure:westeurope/relay"
  std::int64_t packets = 0;
  DataSize bytes;  // of IP packets
};

struct RunRecord {
  std::string variant;
  int replication = 0;  // from 1
  std::uint64_t seed = 0;
  bool complete = true;  // false: stopped before the end
  Duration simulated;
  std::vector<CallRecord> calls;
  std::vector<StreamRecord> streams;
  std::vector<FailedCall> failedCalls;
  std::vector<LinkCounters> links;
  std::vector<BoxDrop> drops;
  std::vector<TrafficRecord> traffic;
  std::vector<RelayRecord> relays;  // that had anything to do
};

}  // namespace callflow::metrics
