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
