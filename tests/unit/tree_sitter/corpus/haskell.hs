module Store where

data Level = Low | High
newtype Pool a = Pool [a]
type Ids = [Int]

class Closeable a where
  close :: a -> IO ()

instance Closeable (Pool a) where
  close _ = return ()

openPool :: Int -> Pool Int
openPool n = Pool (replicate n 0)
limit = 10
(<+>) :: Int -> Int -> Int
a <+> b = a + b
x `plus` y = x + y
foldl' :: Int
foldl' = 1
data T' = A' | B' { fieldOf' :: Int, other :: Int }
newtype Wrap = Wrap { unWrap :: Int }
data G where { MkG :: Int -> G }
type family F a
