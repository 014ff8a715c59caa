#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "quintile/catalogue.hpp"

namespace quintile {
namespace {

using ::testing::HasSubstr;

class CatalogueFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string path = (std::filesystem::temp_directory_path() / "quintile-XXXXXX").string();
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    directory_ = path;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string file() const { return directory_ + "/catalogue.json"; }

  void put(const std::string& name) const {
    Result<CatalogueFile> open = CatalogueFile::open(directory_);
    ASSERT_TRUE(open.ok()) << open.status().message();
    ASSERT_TRUE(open->catalogue().put({.name = name, .where = "vip"}, {"ann", 1}).ok());
    const Status saved = open->save();
    ASSERT_TRUE(saved.ok()) << saved.message();
  }

  std::string directory_;
};

TEST_F(CatalogueFileTest, ADirectoryWithoutAFileHasAnEmptyCatalogue) {
  EXPECT_TRUE(CatalogueFile::read(directory_)->segments().empty());
  EXPECT_EQ(CatalogueFile::read(directory_ + "/none").status().code(), StatusCode::kIo);
  EXPECT_EQ(CatalogueFile::open(directory_ + "/none").status().code(), StatusCode::kIo);
}

TEST_F(CatalogueFileTest, WhatIsSavedIsRead) {
  put("a");
  put("b");
  const Result<Catalogue> read = CatalogueFile::read(directory_);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->segments().size(), 2U);
  EXPECT_EQ(read->revision(), 2U);
  EXPECT_FALSE(std::filesystem::exists(file() + ".new"));
}

TEST_F(CatalogueFileTest, AnUnfinishedFileOfACrashIsNoHindrance) {
  put("a");
  std::ofstream(file() + ".new") << "{\"format\":";
  EXPECT_EQ(CatalogueFile::read(directory_)->segments().size(), 1U);
  put("b");
  EXPECT_EQ(CatalogueFile::read(directory_)->segments().size(), 2U);
}

TEST_F(CatalogueFileTest, ADamagedFileIsRefusedAndKept) {
  std::ofstream(file()) << "{\"format\":";
  const Result<CatalogueFile> open = CatalogueFile::open(directory_);
  EXPECT_EQ(open.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(open.status().message()), HasSubstr(file()));
  EXPECT_TRUE(std::filesystem::exists(file()));
  std::ofstream(file(), std::ios::trunc) << "";
  EXPECT_FALSE(CatalogueFile::read(directory_).ok());  // empty is damaged, too
  std::filesystem::remove(file());
  std::filesystem::create_directory(file());
  EXPECT_EQ(CatalogueFile::read(directory_).status().code(), StatusCode::kIo);
}

TEST_F(CatalogueFileTest, OnlyOneAtATimeMayChangeIt) {
  Result<CatalogueFile> first = CatalogueFile::open(directory_);
  ASSERT_TRUE(first.ok());
  const Result<CatalogueFile> second = CatalogueFile::open(directory_, 30);
  EXPECT_EQ(second.status().code(), StatusCode::kUnavailable);
  EXPECT_TRUE(CatalogueFile::read(directory_).ok());  // reading waits for nobody
  { const CatalogueFile moved = std::move(first).value(); }
  EXPECT_TRUE(CatalogueFile::open(directory_, 0).ok());
}

TEST_F(CatalogueFileTest, NoChangeIsLostAmongSeveralWriters) {
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([this, writer] {
      for (int i = 0; i < 5; ++i)
        put("s" + std::to_string(writer * 5 + i));
    });
  }
  for (std::thread& writer : writers)
    writer.join();
  EXPECT_EQ(CatalogueFile::read(directory_)->segments().size(), 20U);
  EXPECT_EQ(CatalogueFile::read(directory_)->revision(), 20U);
}

TEST_F(CatalogueFileTest, AFolderThatCannotBeWrittenIsAnErrorAndLosesNothing) {
  put("a");
  Result<CatalogueFile> open = CatalogueFile::open(directory_);
  ASSERT_TRUE(open.ok());
  std::filesystem::create_directory(file() + ".new");  // in the way of the unfinished file
  ASSERT_TRUE(open->catalogue().put({.name = "b", .where = "vip"}, {"ann", 1}).ok());
  EXPECT_EQ(open->save().code(), StatusCode::kIo);
  EXPECT_EQ(CatalogueFile::read(directory_)->segments().size(), 1U);
}

}  // namespace
}  // namespace quintile
