#include "models/capture/recorder.h"

#include <algorithm>
#include <stdexcept>

#include "models/capture/ip_packet.h"

namespace callflow::capture {
namespace {

std::size_t place(fabric::LinkId link, fabric::LinkEnd end) {
  return std::size_t{index(link)} * 2 + (end == fabric::LinkEnd::to ? 1 : 0);
}

}  // namespace

void Recorder::add(const std::filesystem::path& file, const std::vector<Tap>& taps) {
  files_.push_back(std::make_unique<File>(file));
  for (const auto& [link, end] : taps) {
    fabric_.observe(link, end, *this);
    taps_.resize(std::max(taps_.size(), place(link, end) + 1));
    taps_[place(link, end)].push_back(files_.back().get());
  }
}

void Recorder::onPacket(fabric::LinkId link, fabric::LinkEnd end, const fabric::Packet& packet,
                        TimePoint now) {
  const wire::Bytes bytes = ipPacket(fabric_, packet);
  for (File* const file : taps_[place(link, end)]) file->writer.write(bytes, now);
}

std::vector<std::int64_t> Recorder::finish() {
  std::vector<std::int64_t> packets;
  for (const std::unique_ptr<File>& file : files_) {
    file->out.close();
    if (!file->out) throw std::runtime_error(file->path.string() + " could not be written");
    packets.push_back(file->writer.packets());
  }
  return packets;
}

}  // namespace callflow::capture
