// The flight that an end waits for, and what of it has come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/dtls/flights.h"
#include "models/dtls/records.h"

namespace callflow::dtls {

class IncomingFlight {
 public:
  IncomingFlight(Version version, FlightNumber number);

  // False for what does not belong to it or cannot be read yet, for want of what comes before it
  // (RFC 6347 4.1: epochs that are not current are dropped).
  bool onRecord(const Record& record);
  bool isComplete() const;
  // Of its first handshake message; what has a lower number is of flights before.
  std::uint16_t firstSequence() const { return firstSequence_; }
  // How long its first message is, once some of it has come.
  std::size_t firstLength() const { return parts_.front().length; }

 private:
  // Of a message's bytes.
  struct Range {
    std::size_t begin = 0, end = 0;
    bool operator==(const Range&) const = default;
  };
  struct Part {
    Message message;
    bool seen = false;  // some of it
    std::size_t length = 0;
    std::vector<Range> have = {};  // apart from each other

    void add(Range range);
    bool isComplete() const;
  };
  bool onFragment(const Fragment& fragment, Epoch epoch);
  bool isReadable(std::size_t index) const;

  std::uint16_t firstSequence_;
  std::vector<Part> parts_;
};

}  // namespace callflow::dtls
