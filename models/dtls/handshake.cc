#include "models/dtls/handshake.h"

#include <algorithm>
#include <utility>

namespace callflow::dtls {
namespace {

// libwebrtc p2p/dtls/dtls_transport.cc: twice ICE's round trip, but no less and no more than this.
constexpr Duration kLeastTimeout = Duration::ms(50);
constexpr Duration kMostFirstTimeout = Duration::ms(3000);
// BoringSSL ssl/d1_both.cc, RFC 6347 4.2.4.1.
constexpr Duration kMostTimeout = Duration::s(60);
// BoringSSL ssl/internal.h: so often it sends again, and gives up the next time.
constexpr int kMostTimeouts = 12;
// What is kept of an early peer: the largest first flight is two datagrams.
constexpr std::size_t kMostEarly = 4;
// A longer ClientHello has a share that is safe from quantum computers.
constexpr std::size_t kLongHello = 1000;

constexpr FlightNumber kLastFlight = 4;

bool isHandshake(const Message& message) {
  return message.content == ContentType::handshake;
}

}  // namespace

Handshake::Handshake(Role role, Version version, bool postQuantum)
    : role_(role),
      version_(version),
      postQuantum_(postQuantum && version == Version::v13),
      awaited_(role == Role::client ? 2 : 1),
      incoming_(IncomingFlight(version, awaited_)) {}

void Handshake::start(Duration roundTrip, TimePoint now) {
  if (started_) return;
  started_ = true;
  firstTimeout_ = std::clamp(roundTrip * 2, kLeastTimeout, kMostFirstTimeout);
  if (role_ == Role::client) sendFlight(1, now);
  for (const stun::Bytes& bytes : std::exchange(early_, {})) process(bytes, now);
}

void Handshake::onDatagram(const stun::Bytes& bytes, TimePoint now) {
  if (started_)
    process(bytes, now);
  else if (role_ == Role::server && early_.size() < kMostEarly)
    early_.push_back(bytes);
}

void Handshake::process(const stun::Bytes& bytes, TimePoint now) {
  if (failed_) return;
  bool repeated = false;
  for (const Record& record : readRecords(bytes)) {
    if (isRepeated(record)) {
      repeated = true;
    } else if (incoming_ && incoming_->onRecord(record) && version_ == Version::v13) {
      // RFC 9147 7.1: any part of the next flight acknowledges the one before. In 1.2 only the
      // whole does (BoringSSL ssl/d1_both.cc).
      stopTimer();
    }
  }
  if (incoming_ && incoming_->isComplete()) {
    onFlight(now);
  } else if (repeated && sent_ > 0) {
    // RFC 6347 4.2.4: the peer lacks what was sent.
    transmit(now);
  }
}

bool Handshake::isRepeated(const Record& record) const {
  if (!answered_) return false;
  return std::any_of(record.fragments.begin(), record.fragments.end(), [&](const Fragment& each) {
    return each.sequence == *answered_ && each.offset + each.size == each.length;
  });
}

void Handshake::onFlight(TimePoint now) {
  const auto come = flightOf(version_, awaited_, false);
  answered_ = static_cast<std::uint16_t>(incoming_->firstSequence() +
                                         std::count_if(come.begin(), come.end(), isHandshake) - 1);
  if (awaited_ == 1) postQuantum_ = postQuantum_ && incoming_->firstLength() > kLongHello;
  const FlightNumber next = awaited_ + 1;
  // The client of 1.3 has all that it needs; the others when the peer's Finished has come.
  connected_ = awaited_ >= 3 || (awaited_ == 2 && version_ == Version::v13);
  stopTimer();
  incoming_.reset();
  if (next > kLastFlight) {
    sent_ = 0;  // there is nothing to answer any more
    return;
  }
  awaited_ = next + 1;
  if (awaited_ <= kLastFlight) incoming_.emplace(version_, awaited_);
  sendFlight(next, now);
}

void Handshake::sendFlight(FlightNumber number, TimePoint now) {
  sent_ = number;
  flight_ = flightOf(version_, number, postQuantum_);
  timeout_ = firstTimeout_;
  timeouts_ = 0;
  // The last is only sent again when the peer shows that he lacks it.
  runsTimer_ = number < kLastFlight;
  transmit(now);
}

void Handshake::transmit(TimePoint now) {
  for (stun::Bytes& bytes :
       datagramsOf(version_, flight_, firstSequence(version_, sent_), numbers_))
    outgoing_.push_back(std::move(bytes));
  if (runsTimer_) timer_ = now + timeout_;
}

void Handshake::stopTimer() {
  runsTimer_ = false;
  timer_.reset();
}

void Handshake::onTimer(TimePoint now) {
  if (!timer_ || now < *timer_) return;
  if (++timeouts_ > kMostTimeouts) {
    failed_ = true;
    stopTimer();
    return;
  }
  timeout_ = std::min(timeout_ * 2, kMostTimeout);
  transmit(now);
}

std::vector<stun::Bytes> Handshake::takeOutgoing() {
  return std::exchange(outgoing_, {});
}

}  // namespace callflow::dtls
