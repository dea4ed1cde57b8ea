#include "models/conference/subscriber.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace callflow::conference {

namespace {

// LiveKit looks whether streams may rise every 100 ms as long as there is too little for all
// (pkg/sfu/streamallocator), and mediasoup every second.
constexpr Duration kPeriod = Duration::ms(100);
constexpr std::uint32_t kRoundsOfMediasoup = 10;
// mediasoup: SimulcastConsumer.cpp. After the rate has fallen, no stream that has run for over 8 s
// is made larger for 10 s.
constexpr Duration kAfterFall = Duration::s(10), kSettled = Duration::s(8);
// A path that is used up to its limit shows no more than that: a server asks it for more than it
// needs (LiveKit: 120 % of what the next step takes, and at least 200 kbit/s more).
constexpr double kMoreThanNeeded = 1.2;
constexpr DataRate kLeastMore = DataRate::kbps(200);
// Of thumbnails, whose packets are few, so many may come late: those of some seconds.
constexpr std::size_t kRemembered = 512;
// Of a window that videos are tiles in: ours.
constexpr int kWindowHeight = 720;

}  // namespace

Subscriber::Subscriber(fabric::FabricSimulator& simulator, rtp::Session& session,
                       const Layout& layout)
    : simulator_(simulator),
      session_(session),
      layout_(layout),
      lane_(simulator.addLane(*this, 0)) {
  session.setRateListener(*this);
}

ForwardedVideo& Subscriber::add(std::vector<IncomingLayer*> layers, bool screen) {
  Video video;
  video.forwarded = std::make_unique<ForwardedVideo>(session_, std::move(layers));
  video.screen = screen;
  order_.push_back(videos_.size());
  videos_.push_back(std::move(video));
  return *videos_.back().forwarded;
}

ForwardedVideo& Subscriber::addSlot() {
  Video video;
  video.forwarded =
      std::make_unique<ForwardedVideo>(session_, std::vector<IncomingLayer*>{}, kRemembered);
  video.slot = true;
  order_.push_back(videos_.size());
  videos_.push_back(std::move(video));
  return *videos_.back().forwarded;
}

std::size_t Subscriber::filled() const {
  return static_cast<std::size_t>(
      std::count_if(videos_.begin(), videos_.end(), [](const Video& each) { return !!each.who; }));
}

void Subscriber::show(const std::vector<Candidate>& candidates, TimePoint now) {
  const auto slots = static_cast<std::size_t>(
      std::count_if(videos_.begin(), videos_.end(), [](const Video& video) { return video.slot; }));
  const auto last =
      candidates.begin() + static_cast<std::ptrdiff_t>(std::min(slots, candidates.size()));
  for (Video& video : videos_) {
    if (!video.who) continue;
    const bool stays = std::any_of(candidates.begin(), last, [&](const Candidate& candidate) {
      return candidate.who == *video.who;
    });
    if (!stays) video.who.reset();
  }
  order_.clear();
  for (std::size_t i = 0; i < videos_.size(); ++i)
    if (!videos_[i].slot) order_.push_back(i);
  for (auto candidate = candidates.begin(); candidate != last; ++candidate) {
    auto place = std::find_if(videos_.begin(), videos_.end(),
                              [&](const Video& video) { return video.who == candidate->who; });
    if (place == videos_.end()) {
      place = std::find_if(videos_.begin(), videos_.end(),
                           [](const Video& video) { return video.slot && !video.who; });
      place->who = candidate->who;
      place->forwarded->show(*candidate->layers);
    }
    order_.push_back(static_cast<std::size_t>(place - videos_.begin()));
  }
  for (Video& video : videos_)
    if (video.slot && !video.who) video.forwarded->show({});
  if (now < end_) share(now);
}

void Subscriber::start(TimePoint now, TimePoint end) {
  end_ = end;
  simulator_.pushOutOfOrder(lane_, now + kPeriod, 1);
}

void Subscriber::onAllowance(const rtp::Allowance& allowance, TimePoint) {
  budget_ = scaled(allowance.target, allowance.encoderShare);
}

void Subscriber::onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) {
  if (now >= end_) return;
  const bool due =
      layout_.allocation == AllocationRule::livekit || payload % kRoundsOfMediasoup == 0;
  if (due) share(now);
  for (const Video& video : videos_) video.forwarded->askIfWaiting(now);
  simulator_.pushOutOfOrder(lane_, now + kPeriod, payload + 1);
}

std::size_t Subscriber::screens() const {
  return static_cast<std::size_t>(
      std::count_if(videos_.begin(), videos_.end(), [](const Video& each) { return each.screen; }));
}

std::size_t Subscriber::shown() const {
  if (std::any_of(videos_.begin(), videos_.end(), [](const Video& each) { return each.slot; }))
    return filled();
  return std::min(videos_.size() - screens(), static_cast<std::size_t>(layout_.videos));
}

std::vector<Subscriber::Use> Subscriber::uses() const {
  std::vector<Use> uses;
  const int tile = height();
  const std::size_t all = screens() + shown();
  for (std::size_t i = 0; i < all; ++i) {
    const Video& video = videos_[order_[i]];
    uses.push_back({video.forwarded.get(), spatialFor(video, tile) + 1});
  }
  return uses;
}

int Subscriber::height() const {
  if (layout_.height > 0) return layout_.height;
  const auto rows = std::ceil(std::sqrt(static_cast<double>(shown())));
  return kWindowHeight / std::max(static_cast<int>(rows), 1);
}

int Subscriber::spatialFor(const Video& video, int height) {
  const std::vector<IncomingLayer*>& layers = video.forwarded->layers();
  if (video.screen) return static_cast<int>(layers.size()) - 1;
  int best = 0;
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (layers[i]->resolution().height <= height) best = static_cast<int>(i);
  return best;
}

void Subscriber::share(TimePoint now) {
  const std::size_t all = screens() + shown();
  const int tile = height();
  std::vector<Offer> offers;
  offers.reserve(all);
  for (std::size_t i = 0; i < all; ++i) {
    const Video& video = videos_[order_[i]];
    Offer offer = video.forwarded->offer(now);
    offer.spatial = spatialFor(video, tile);
    const bool held = layout_.allocation == AllocationRule::mediasoup && fell_ &&
                      now < *fell_ + kAfterFall && now > video.sharedSince + kSettled;
    offer.mayRise = !held;
    offers.push_back(offer);
  }
  const Allocation allocation = allocate(layout_.allocation, offers, budget_);
  for (std::size_t i = 0; i < all; ++i) {
    Video& video = videos_[order_[i]];
    ForwardedVideo& forwarded = *video.forwarded;
    const Layer& to = allocation.layers[i];
    if (to == forwarded.aim()) continue;
    if (to.spatial < forwarded.aim().spatial) fell_ = now;
    if (forwarded.aim().spatial == kPaused) video.sharedSince = now;
    forwarded.aimAt(to, now);
  }
  congestion::Demand demand;
  demand.most = allocation.wanted;
  if (allocation.total < allocation.wanted)
    demand.padding = std::min(allocation.wanted, std::max(scaled(allocation.total, kMoreThanNeeded),
                                                          allocation.total + kLeastMore));
  if (demand.most == demand_.most && demand.padding == demand_.padding) return;
  demand_ = demand;
  session_.demandChanged(now);
}

}  // namespace callflow::conference
