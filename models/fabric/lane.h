// The two queues behind FabricSimulator: rings of records in the order of time, and a heap over
// their heads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace callflow::fabric {

// Time in nanoseconds; `order` is the lower half of the simulator's running number, which settles
// ties.
struct LaneRecord {
  std::int64_t time = 0;
  std::uint32_t order = 0;
  std::uint32_t payload = 0;
};
static_assert(sizeof(LaneRecord) == 16);

// Running numbers wrap. Two records of one instant are never 2^31 numbers apart.
inline bool comesBefore(std::int64_t time, std::uint32_t order, std::int64_t otherTime,
                        std::uint32_t otherOrder) {
  if (time != otherTime) return time < otherTime;
  return static_cast<std::int32_t>(order - otherOrder) < 0;
}

// A FIFO whose capacity doubles when it is full and is a power of two.
class LaneRing {
 public:
  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return tail_ - head_; }
  const LaneRecord& front() const { return records_[head_ & mask_]; }
  const LaneRecord& back() const { return records_[(tail_ - 1) & mask_]; }
  void pop() { ++head_; }
  void push(const LaneRecord& record) {
    if (size() == records_.size()) grow();
    records_[tail_ & mask_] = record;
    ++tail_;
  }
  void clear() { head_ = tail_ = 0; }
  // Takes out the records whose payload `leaves` names.
  template <class Leaves>
  void withdraw(Leaves&& leaves) {
    std::uint32_t end = head_;
    for (std::uint32_t i = head_; i != tail_; ++i) {
      const LaneRecord record = records_[i & mask_];
      if (!leaves(record.payload)) records_[end++ & mask_] = record;
    }
    tail_ = end;
  }

 private:
  void grow();

  std::vector<LaneRecord> records_;
  std::uint32_t mask_ = 0;
  std::uint32_t head_ = 0;  // both run on and wrap together
  std::uint32_t tail_ = 0;
};

// A heap of four children a node: half as deep as a binary one, and the four lie in one cache line.
class LaneHeap {
 public:
  struct Entry {
    std::int64_t time = 0;
    std::uint32_t order = 0;
    std::uint32_t tag = 0;  // whose head this is
  };

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  const Entry& top() const { return entries_.front(); }
  void push(const Entry& entry);
  void pop();
  // The same as pop() and push(), in one pass.
  void replaceTop(const Entry& entry) { siftDown(entry, entries_.size()); }
  // Takes out the entries that `leaves` names.
  template <class Leaves>
  void withdraw(Leaves&& leaves) {
    std::vector<Entry> all;
    all.swap(entries_);
    for (const Entry& entry : all) {
      if (!leaves(entry)) push(entry);
    }
  }
  void clear() { entries_.clear(); }

 private:
  static bool before(const Entry& a, const Entry& b) {
    return comesBefore(a.time, a.order, b.time, b.order);
  }
  void siftDown(const Entry& entry, std::size_t size);

  std::vector<Entry> entries_;
};

}  // namespace callflow::fabric
