// What runs over the network: calls, timed changes, variants, repetitions. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/topology/model.h"

namespace callflow::topology {

enum class CallKind { one_to_one, group };

// `prefer`-free for now: which transports a call may use, tried in the order of this list's
// declaration.
enum class PathKind { direct, relay_udp, relay_tcp, relay_proxy };

enum class JitterBufferKind { neteq, adaptive, fixed };

struct JitterBuffer {
  JitterBufferKind kind = JitterBufferKind::neteq;
  Duration delay;    // fixed: the playout delay; else the target to start with
  Duration minimum;  // not fixed
  Duration maximum;  // not fixed
};

enum class AudioCodec { opus, pcmu, pcma, g722 };

// Opus: the sizes of frames spread about their mean, or are all the same.
enum class RateControl { vbr, cbr };

// Of frames at a variable rate: drawn, or as recorded of libopus.
enum class Sizes { drawn, libopus };

// Whether the participants speak all the time or as in a conversation.
enum class Talk { always, conversation };

// Opus' in-band FEC: as the client's profile has it, or never.
enum class Fec { automatic, off };

struct Audio {
  AudioCodec codec = AudioCodec::opus;
  DataRate bitrate;         // of the Opus payload; the other codecs have one only
  Duration frame;           // one packet a frame
  DataSize rtp_extensions;  // header extension block on the wire
  // Of Opus only.
  Fec fec = Fec::automatic;
  bool red = false;  // each packet carries the frame before it once more
  RateControl rate_control = RateControl::vbr;
  Sizes sizes = Sizes::drawn;
  bool dtx = false;  // next to nothing is sent while its participant does not speak
  Talk talk = Talk::always;

  JitterBuffer jitter_buffer;
};

// Which release of which client the participants use.
enum class ClientProfile { chrome_2020, chrome_2024, chrome_2026 };

enum class TcpModel { linux_like, ns3 };

enum class TcpCongestion { cubic, reno, bbr };
enum class TcpRecovery { rack, duplicates };

struct Tcp {
  TcpModel model = TcpModel::linux_like;
  // The client's; none: grows with the congestion window, not with ns3.
  std::optional<DataSize> send_buffer;
  DataSize relay_send_buffer;              // the relay's
  DataSize unsent_limit;                   // of either end; not of ns3's
  std::optional<DataSize> receive_buffer;  // none: grows with what is received, not with ns3
  Duration minimum_rto;
  Duration delayed_ack;
  bool no_delay = true;
  // The following are of no meaning to ns3.
  TcpCongestion congestion_control = TcpCongestion::cubic;
  TcpRecovery recovery = TcpRecovery::rack;
  std::int32_t initial_window = 10;  // packets
  Duration maximum_rto;
  Duration delayed_ack_maximum;
  std::int32_t syn_retries = 6;
  bool slow_start_after_idle = true;  // of no meaning to BBR either
};

// What a client wraps TURN over TCP in, on its way to the relay.
enum class Security { none, tls_1_2, tls_1_3, pseudo_tls };

// How a call's TCP connections are used.
struct Transport {
  Security security = Security::none;
  DataSize client_queue;  // what the application keeps beyond its socket's buffer
  DataSize relay_queue;
};

struct Participant {
  std::string name;  // "alice" of alice@hq
  std::string site;
  SourcePos pos;
};

struct Call {
  std::string name;
  CallKind kind = CallKind::one_to_one;
  std::vector<Participant>
      participants;                  // one-to-one: exactly two; group: two or more, the first hosts
  std::vector<std::string> senders;  // who sends; empty: everybody
  std::vector<PathKind> paths;       // which may be tried; default all four
  Duration start;                    // when the call is set up
  Duration setup;                    // from there to the first media packet
  Duration duration;                 // of media
  ClientProfile profile = ClientProfile::chrome_2026;
  Audio audio;
  Tcp tcp;
  Transport transport;
  SourcePos pos;
};

// A link whose parameters change at a time, e.g. `{at: 20 s, link: hq.uplink, up: {rate: 1
// Mbit/s}}`.
struct LinkChange {
  struct Direction {
    std::optional<DataRate> rate;
    std::optional<Duration> delay;
    std::optional<Jitter> jitter;
    std::optional<Loss> loss;
    std::optional<QueueLimit> queue;
  };
  Duration at;
  std::string link;  // "<site>.uplink", "<site>.wan", "<site>.access"
  Direction up;
  Direction down;
  SourcePos pos;
};

enum class Relation { less, less_equal, greater, greater_equal };

// `audio.mos.p5 >= 3.6 in udp-open`, parsed; metric names are checked by whoever evaluates it.
struct Expectation {
  std::string text;
  std::string metric;     // "audio.mos"
  std::string statistic;  // "p5"
  Relation relation = Relation::greater_equal;
  double limit = 0;     // in the metric's own unit
  std::string variant;  // empty: every variant
  SourcePos pos;
};

// One step on an axis of a sweep: {"loss", "2%"}.
struct AxisValue {
  std::string axis;
  std::string value;
};

// One variant in one cell of the sweep, complete: the scenario and topology as they stand after
// their changes.
struct Case {
  std::string variant;  // unique: "relay-tcp, loss 2%, rtt 100 ms"; "base" if nothing is declared
  std::string base;     // the declared variant: "relay-tcp"; "base" if none is declared
  std::vector<AxisValue> cell;  // in the order of the axes; empty without a sweep
  Topology topology;
  std::vector<Call> calls;
  std::vector<LinkChange> events;
  std::string resolved_yaml;  // every key with its value in force, readable by the same reader
};

struct Scenario {
  std::string name;
  std::string file;         // as given by the user
  std::string title;        // one line for plots; may be empty
  std::vector<Case> cases;  // in file order; at least one
  int runs = 1;
  std::uint64_t seed = 1;
  Duration warm_up;  // media before this much of the call is not scored
  Duration drain;    // after the last media packet is sent, time for what is on its way
  std::vector<Expectation> expect;
  struct Input {
    std::string file;
    std::string text;
  };
  std::vector<Input> inputs;  // verbatim, for the results folder
};

}  // namespace callflow::topology
