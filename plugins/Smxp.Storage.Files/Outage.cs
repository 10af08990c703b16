using System.Runtime.ExceptionServices;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Files;

/// <summary>Turns what the disk refuses (full, read-only, gone) into the one exception that means an outage.</summary>
internal static class Outage
{
    public static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (SenderBrokeOffException broken)
        {
            ExceptionDispatchInfo.Throw(broken.InnerException!);
            throw;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The blob directory cannot be used: {failure.Message}", failure);
        }
    }
}

/// <summary>Carries an exception of the stream that is read past the guard, which is there for the disk's.</summary>
internal sealed class SenderBrokeOffException(Exception broken) : Exception(broken.Message, broken);
