// Writes what crosses chosen ends of links into files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

#include "models/capture/pcap_writer.h"
#include "models/fabric/fabric.h"

namespace callflow::capture {

// An end of a link. Where it ends, packets are as they come out of it; where it begins, as they are
// handed to it, before they wait for it.
using Tap = std::pair<fabric::LinkId, fabric::LinkEnd>;

// Must outlive the simulation's run.
class Recorder : public fabric::PacketObserver {
 public:
  explicit Recorder(fabric::Fabric& fabric) : fabric_(fabric) {}
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Before packets are sent. What crosses any of these goes to this file.
  void add(const std::filesystem::path& file, const std::vector<Tap>& taps);
  // When the run is over: closes the files, and says how many packets each of them has. Throws
  // std::runtime_error if one could not be written.
  std::vector<std::int64_t> finish();

  void onPacket(fabric::LinkId link, fabric::LinkEnd end, const fabric::Packet& packet,
                TimePoint now) override;

 private:
  struct File {
    explicit File(const std::filesystem::path& where)
        : path(where), out(where, std::ios::binary | std::ios::trunc), writer(out) {}
    std::filesystem::path path;
    std::ofstream out;
    PcapWriter writer;
  };

  fabric::Fabric& fabric_;
  std::vector<std::unique_ptr<File>> files_;
  std::vector<std::vector<File*>> taps_;  // by link and end
};

}  // namespace callflow::capture
