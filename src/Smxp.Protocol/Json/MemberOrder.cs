using System.Buffers.Text;

namespace Smxp.Protocol.Json;

/// <summary>A member as it stands in a written object: name and value from <paramref name="Start"/> to <paramref name="End"/>, the quoted name up to <paramref name="NameEnd"/>.</summary>
internal readonly record struct Member(int Start, int NameEnd, int End);

/// <summary>
/// The order ECMAScript gives an object's members: array indices first, ascending, then the others as they first appeared; of
/// duplicates the last value stands in the first one's place (ECMA-262 OrdinaryOwnPropertyKeys).
/// </summary>
internal static class MemberOrder
{
    private const int FewMembers = 24;

    /// <summary>Null where the members are already in order and distinct, otherwise the members to keep, in order.</summary>
    public static Member[]? Rearrange(ReadOnlySpan<byte> text, ReadOnlySpan<Member> members) =>
        HasIndexOutOfPlace(text, members) || HasDuplicate(text, members) ? Sort(text, members) : null;

    private static bool HasIndexOutOfPlace(ReadOnlySpan<byte> text, ReadOnlySpan<Member> members)
    {
        long last = -1;
        bool named = false;
        foreach (var member in members)
        {
            long index = IndexOf(Name(text, member));
            if (index < 0) named = true;
            else if (named || index <= last) return true;
            else last = index;
        }

        return false;
    }

    private static bool HasDuplicate(ReadOnlySpan<byte> text, ReadOnlySpan<Member> members)
    {
        if (members.Length > FewMembers)
        {
            int[] sorted = SortByName(text, members);
            for (int i = 1; i < sorted.Length; i++)
            {
                if (Name(text, members[sorted[i - 1]]).SequenceEqual(Name(text, members[sorted[i]]))) return true;
            }

            return false;
        }

        for (int i = 1; i < members.Length; i++)
        {
            var name = Name(text, members[i]);
            for (int j = 0; j < i; j++)
            {
                if (name.SequenceEqual(Name(text, members[j]))) return true;
            }
        }

        return false;
    }

    private static Member[] Sort(ReadOnlySpan<byte> text, ReadOnlySpan<Member> members)
    {
        int[] byName = SortByName(text, members);
        var kept = new List<(long Index, int First, Member Last)>(members.Length);
        for (int i = 0, next; i < byName.Length; i = next)
        {
            var name = Name(text, members[byName[i]]);
            for (next = i + 1; next < byName.Length && name.SequenceEqual(Name(text, members[byName[next]])); next++)
            {
            }

            long index = IndexOf(name);
            kept.Add((index < 0 ? long.MaxValue : index, byName[i], members[byName[next - 1]]));
        }

        kept.Sort(static (a, b) => (a.Index, a.First).CompareTo((b.Index, b.First)));
        return [.. kept.Select(static k => k.Last)];
    }

    /// <summary>A stable merge sort instead of hashing: no choice of names makes it quadratic.</summary>
    private static int[] SortByName(ReadOnlySpan<byte> text, ReadOnlySpan<Member> members)
    {
        int[] from = new int[members.Length], to = new int[members.Length];
        for (int i = 0; i < from.Length; i++) from[i] = i;
        for (int width = 1; width < from.Length; width *= 2)
        {
            for (int start = 0; start < from.Length; start += 2 * width)
            {
                int left = start, middle = Math.Min(start + width, from.Length), right = middle, end = Math.Min(middle + width, from.Length);
                for (int k = start; k < end; k++)
                {
                    bool takeLeft = left < middle
                        && (right == end || Name(text, members[from[left]]).SequenceCompareTo(Name(text, members[from[right]])) <= 0);
                    to[k] = takeLeft ? from[left++] : from[right++];
                }
            }

            (from, to) = (to, from);
        }

        return from;
    }

    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> text, Member member) => text[(member.Start + 1)..(member.NameEnd - 1)];

    /// <summary>The array index a name is, 0 to 2^32 − 2 in its shortest form; −1 for any other name.</summary>
    private static long IndexOf(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > 10 || !char.IsAsciiDigit((char)name[0]) || (name[0] == '0' && name.Length > 1)) return -1;
        return Utf8Parser.TryParse(name, out uint index, out int read) && read == name.Length && index < uint.MaxValue ? index : -1;
    }
}
