// What runs over the network: calls, timed changes, variants, repetitions. Plain data.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/client/parameters.h"
#include "models/congestion/parameters.h"
#include "models/media/parameters.h"
#include "models/signaling/parameters.h"
#include "models/transport/parameters.h"
#include "models/video/parameters.h"
#include "models/wire/address_range.h"
#include "models/wire/dscp.h"
#include "src/metrics/expectation.h"
#include "src/topology/model.h"

namespace callflow::topology {

using media::Audio;
using media::AudioCodec;
using media::Fec;
using media::RateControl;
using media::Sizes;
using media::Talk;
using receiver::JitterBufferKind;
using transport::Security;
using transport::Tcp;
using transport::Transport;
using ClientProfile = client::Version;
using JitterBuffer = receiver::JitterBufferParameters;

enum class CallKind { oneToOne, group };
// What makes a one-to-one call go over a media processor, too.
enum class CallFeature : std::uint8_t { recording, transcription };

// Which paths a call may use, tried in the order of this list's declaration.
enum class PathKind { direct, relayUdp, relayTcp, relayProxy };

// As users and results write them.
inline constexpr std::pair<PathKind, const char*> kPathKindNames[] = {
    {PathKind::direct, "direct"},
    {PathKind::relayUdp, "relay-udp"},
    {PathKind::relayTcp, "relay-tcp"},
    {PathKind::relayProxy, "relay-proxy"}};
constexpr std::string_view name(PathKind kind) {
  for (const auto& [value, text] : kPathKindNames)
    if (value == kind) return text;
  return {};
}

// How somebody with a telephone is reached.
enum class Telephone : std::uint8_t {
  none,   // has a client of the service
  trunk,  // by Azure's own way to the telephone network
  sbc,    // by a customer's SBC, to which a media processor sends
  bypass  // by a customer's SBC, to which clients send
};
inline constexpr std::string_view kTrunk = "pstn";  // bob@pstn

struct Participant {
  std::string name;  // "alice" of alice@hq
  std::string site;  // or an SBC, or kTrunk
  SourcePos pos = {};
  int count = 1;                          // so many of them, as written
  Telephone telephone = Telephone::none;  // what `site` means; telephones.h finds out
  // Where the client has a second interface, "phone" of alice@home+phone; empty: nowhere. Of both,
  // `site` is the one that the client prefers (accesses.h).
  std::string second = {};

  bool isAt(const std::string& place) const {
    return site == place || (!second.empty() && second == place);
  }
};

struct Call {
  std::string name;
  CallKind kind = CallKind::oneToOne;
  std::vector<Participant>
      participants;                  // one-to-one: exactly two; group: two or more, the first hosts
  int count = 1;                     // so many such calls, as written
  int copy = 0;                      // which of them this is
  std::vector<std::string> senders;  // who sends; empty: everybody
  std::vector<PathKind> paths;       // which may be tried; default all four
  std::vector<std::string> relays;   // of the customer's own; empty: Azure's
  std::uint16_t relayPort = 3478;    // of relays, over UDP
  std::vector<std::string> relayOnly;  // whose clients use no other candidates
  std::vector<CallFeature> features;
  std::optional<std::string> server;  // a media processor of the customer's own
  bool iceRestart = true;             // its clients restart ICE when they are disconnected
  ice::GatheringPolicy gathering = ice::GatheringPolicy::once;
  signaling::Carriage signaling = signaling::Carriage::ideal;
  Duration start;     // when the call is set up
  Duration setup;     // from there to the first media packet
  Duration duration;  // of media
  wire::Dscp dscp;    // of its media packets, wherever they are sent
  client::Version profile = client::Version::chrome2026;
  client::Clocks clocks = client::Clocks::drawn;
  media::Audio audio;
  std::optional<video::Video> video;     // absent: nobody has a camera
  std::optional<video::Share> share;     // absent: no screen is shared
  std::optional<std::string> presenter;  // who shares it; absent: the first who sends
  congestion::Kind congestion = congestion::Kind::gcc;  // of calls with video or a screen
  conference::Layout layout;                            // of these over a media processor
  conference::Mode mode = conference::Mode::sfu;        // of this
  transport::Tcp tcp;
  transport::Transport transport;
  SourcePos pos;

  bool hasPicture() const { return video || share; }
  bool allows(PathKind path) const {
    return paths.empty() || std::find(paths.begin(), paths.end(), path) != paths.end();
  }
  bool viaMediaProcessor() const {
    return kind == CallKind::group || !features.empty() ||
           std::any_of(participants.begin(), participants.end(), [](const Participant& who) {
             return who.telephone == Telephone::trunk || who.telephone == Telephone::sbc;
           });
  }
};

// Other traffic, from one end to another.
struct Traffic {
  std::string name;
  TrafficKinds kind;
  std::string from, to;    // a site, a participant (alice@hq), or kInternet; not both the last
  Duration distance;       // one way, from where the other end enters the Internet to the server
  std::uint16_t port = 0;  // of the end that is written to
  wire::Dscp dscp;
  Duration start;
  std::optional<Duration> duration;  // absent: to the end of the run
  int count = 1;                     // so many at once
  SourcePos pos;
};
inline constexpr std::string_view kInternet = "internet";

enum class LinkState { up, down };

// A link whose parameters change at a time, e.g. `{at: 20 s, link: hq.uplink, up: {rate: 1
// Mbit/s}}`.
struct LinkChange {
  struct Direction {
    std::optional<LinkState> state;
    std::optional<DataRate> rate;
    std::optional<Duration> delay;
    std::optional<Jitter> jitter;
    std::optional<Loss> loss;
    std::optional<QueueLimit> queue;
  };
  Duration at;
  // "<site>.uplink", "<site>.wan", "<site>.access", "<site>.access:<participant>"; empty: none
  std::string link;
  // A relay that dies or comes back, instead: a server's name, or the region of one of Azure's;
  // empty: none. Both directions have its state.
  std::string server = {};
  // A device that forgets its flows, instead of a link that changes; empty: none.
  std::string device = {};
  std::optional<wire::RuleProtocol> forget = {};  // flows of which protocols
  // Of a peering: the addresses that it tells Azure of from then on.
  std::optional<std::vector<Advertised>> advertises = {};
  Direction up;
  Direction down;
  SourcePos pos;
};

// One of `expect:`, and where it stands.
struct Expectation : metrics::Expectation {
  SourcePos pos = {};
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
  std::vector<Traffic> traffic;
  std::vector<LinkChange> events;
  std::string resolvedYaml;  // every key with its value in force, readable by the same reader
};

struct Scenario {
  std::string name;
  std::string file;         // as given by the user
  std::string title;        // one line for plots; may be empty
  std::vector<Case> cases;  // in file order; at least one
  int runs = 1;
  std::uint64_t seed = 1;
  Duration warmUp;  // media before this much of the call is not scored
  Duration drain;   // after the last media packet is sent, time for what is on its way
  std::vector<Expectation> expect;
  struct Input {
    std::string file;
    std::string text;
  };
  std::vector<Input> inputs;  // verbatim, for the results folder
};

}  // namespace callflow::topology
