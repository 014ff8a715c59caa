#include "exec/contact_list.hpp"

#include <gtest/gtest.h>

namespace quintile {
namespace {

ContactList list_of(std::vector<std::string> ids) {
  return ContactList(std::make_shared<const std::vector<std::string>>(std::move(ids)));
}

void add(ContactDirectory& directory, std::string_view id) {
  const IdKey key = make_id_key(id);
  std::uint32_t row = 0;
  directory.resolve(std::span(&key, 1), std::span(&row, 1));
}

TEST(ContactList, FindsIdsOnceTheContactsAreThere) {
  ContactDirectory directory;
  add(directory, "a");
  add(directory, "b");
  ContactList list = list_of({"b", "c", "x:y"});
  list.resolve(directory);
  EXPECT_EQ(list.rows(), RowSet::of({to_row(1)}));
  EXPECT_EQ(list.missing(), 2U);
  list.resolve(directory);
  EXPECT_EQ(list.missing(), 2U);
  add(directory, "x:y");  // an external id may have colons
  add(directory, "c");
  list.resolve(directory);
  EXPECT_EQ(list.rows(), RowSet::of({to_row(1), to_row(2), to_row(3)}));
  EXPECT_EQ(list.missing(), 0U);
}

TEST(ContactList, OfNobodyAndInAnEmptyDirectory) {
  const ContactDirectory directory;
  ContactList nobody(nullptr);
  nobody.resolve(directory);
  EXPECT_TRUE(nobody.rows().empty());
  ContactList list = list_of({"a"});
  list.resolve(directory);
  EXPECT_EQ(list.missing(), 1U);
}

}  // namespace
}  // namespace quintile
