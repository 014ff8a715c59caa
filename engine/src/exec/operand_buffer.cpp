#include "exec/operand_buffer.hpp"

#include "exec/event_scratch.hpp"

namespace quintile {

OperandBuffer::OperandBuffer() = default;
OperandBuffer::OperandBuffer(OperandBuffer&&) noexcept = default;
OperandBuffer& OperandBuffer::operator=(OperandBuffer&&) noexcept = default;
OperandBuffer::~OperandBuffer() = default;

EventScratch& OperandBuffer::scratch() {
  if (!scratch_) {
    scratch_ = std::make_unique<EventScratch>();
  }
  return *scratch_;
}

}  // namespace quintile
